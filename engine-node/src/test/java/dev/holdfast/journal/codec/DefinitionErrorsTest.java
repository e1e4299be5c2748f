package dev.holdfast.journal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.Limits;
import dev.holdfast.core.definition.DefinitionProblem;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each mistake, with the exact line and column it is reported at. */
class DefinitionErrorsTest {
  private static final String YAML = "application/yaml";

  private static void assertOnly(String text, int line, int column, String path, String message) {
    assertThat(DefinitionTexts.problems(YAML, text))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.message()).contains(message);
          assertThat(problem.path()).isEqualTo(path);
          assertThat(problem.line()).as("line").isEqualTo(line);
          assertThat(problem.column()).as("column").isEqualTo(column);
        });
  }

  /** The task stands in line 3, its id in column 3, its fields from column 8 on. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          agnet: x, agent: y                        | 8  | .agnet | unknown field 'agnet'; did you mean 'agent'?
          needs: []                                 | 3  |  | exactly one of 'agent', 'workflow' and 'switch'
          agent: x, switch: [{otherwise: true, then: []}] | 3  |  | exactly one of
          agent: "a b"                              | 15 | .agent | must be text that matches
          agent: 5                                  | 15 | .agent | must be text that matches
          agent: [x]                                | 15 | .agent | but is a list
          agent: x, agent: y                        | 18 | .agent | 'agent' is given twice
          agent: x, needs: a                        | 25 | .needs | must be a list of ids of tasks, but is text
          agent: x, needs: [b]                      | 26 | .needs[0] | no task 'b'
          agent: x, needs: [1]                      | 26 | .needs[0] | must be text
          agent: x, needs: [a]                      | 26 | .needs[0] | the needs form a cycle: a → a
          agent: x, timeout: soon                   | 27 | .timeout | must be a duration
          agent: x, timeout: 0s                     | 27 | .timeout | more than 0
          agent: x, timeout: 367d                   | 27 | .timeout | at most 366d
          agent: x, timeout: 10                     | 27 | .timeout | must be a duration
          agent: x, heartbeat: -PT1S                | 29 | .heartbeat | must be a duration
          agent: x, priority: 10                    | 28 | .priority | a whole number from 0 to 9
          agent: x, priority: 1.5                   | 28 | .priority | a whole number from 0 to 9
          agent: x, join: some                      | 24 | .join | one of any, all, always
          agent: x, onFailure: retry                | 29 | .onFailure | one of fail, continue, compensate
          agent: x, when: yes                       | 24 | .when | one ${…} and nothing else
          agent: x, when: true                      | 24 | .when | but is a boolean
          agent: x, when: "${1 + 1}"                | 24 | .when | must be a boolean, but this one is int
          agent: x, when: "${true} and"             | 24 | .when | one ${…} and nothing else
          agent: x, when: "${inputt}"               | 27 | .when | unknown name 'inputt'
          agent: x, input: { k: ["${1 + 'a'}"] }    | 36 | .input.k[0] | '+' can't be applied
          agent: x, input: "${tasks.a.output}"      | 28 | .input | task 'a' need not have ended
          agent: x, input: "${output}"              | 28 | .input | 'output' is known only in 'set'
          agent: x, input: { k: 1, k: 2 }           | 33 | .input.k | 'k' is given twice
          agent: x, input: "${vars.x}"              | 28 | .input | no variable 'x'
          agent: x, input: "a ${"                   | 28 | .input | without its '}'
          agent: x, set: { 1a: 1 }                  | 25 | .set.1a | a variable's name must match
          agent: x, set: { v: "${output.}" }        | 38 | .set.v | unexpected '.'
          agent: x, set: []                         | 23 | .set | must be an object of variables
          agent: x, requires: { a: [] }             | 33 | .requires.a | a label's value must be text
          agent: x, requires: { a: 1, a: 2 }        | 36 | .requires.a | given twice
          agent: x, retry: { maxAttempts: 0 }       | 40 | .retry.maxAttempts | from 1 to 100
          agent: x, retry: { maxAttempts: 101 }     | 40 | .retry.maxAttempts | from 1 to 100
          agent: x, retry: { factor: 0.5 }          | 35 | .retry.factor | from 1 to 100
          agent: x, retry: { jitter: 1.1 }          | 35 | .retry.jitter | from 0 to 1
          agent: x, retry: { initial: 2m, max: 1m } | 45 | .retry.max | must not be less than 'initial'
          agent: x, retry: { nonRetryable: [a, a] } | 45 | .retry.nonRetryable[1] | 'a' is given twice
          agent: x, retry: { tries: 3 }             | 27 | .retry.tries | unknown field 'tries'
          agent: x, retry: 3                        | 25 | .retry | must be an object
          agent: x, forEach: all of them            | 27 | .forEach | must be a list or one ${…} that gives one
          agent: x, forEach: "${1 + 1}"             | 27 | .forEach | must give a list, but this one is int
          agent: x, forEach: { a: 1 }               | 27 | .forEach | but is an object
          agent: x, forEach: "${item}"              | 30 | .forEach | 'item' and 'index' are known only in the 'input' of a 'forEach'
          agent: x, input: "${index}"               | 28 | .input | known only in the 'input' of a 'forEach'
          agent: x, forEach: [], maxItems: 1001     | 41 | .maxItems | a whole number from 1 to 1000
          agent: x, forEach: [], concurrency: 0     | 44 | .concurrency | a whole number from 1 to 1000
          switch: [{ otherwise: true, then: [] }], forEach: [] | 49 | .forEach | has no meaning on a switch
          agent: x, spawn: { max: 0 }               | 32 | .spawn.max | a whole number from 1 to 1000
          agent: x, spawn: {}                       | 18 | .spawn | 'spawn' needs a 'max'
          agent: x, spawn: { max: 1, min: 1 }       | 35 | .spawn.min | unknown field 'min'
          agent: x, spawn: { max: 1 }, forEach: []  | 18 | .spawn | has no meaning with 'forEach'
          agent: x, compensate: { input: 1 }        | 18 | .compensate | 'compensate' needs an 'agent'
          agent: x, compensate: y                   | 30 | .compensate | must be an object
          agent: x, compensate: { agent: y, set: 1 } | 42 | .compensate.set | unknown field 'set'
          agent: x, compensate: { agent: y, input: "${item}" } | 52 | .compensate.input | known only in the 'input' of a 'forEach'
          switch: [{ otherwise: true, then: [] }], compensate: { agent: y } | 49 | .compensate | has no meaning on a switch
          agent: x, concurrency: 20                 | 18 | .concurrency | only with 'forEach'
          agent: x, maxItems: 500                   | 18 | .maxItems | only with 'forEach'
          agent: x, pauseBefore: 1                  | 31 | .pauseBefore | 'pauseBefore' must be true or an object
          agent: x, pauseBefore: { expires: soon }  | 42 | .pauseBefore.expires | must be a duration
          agent: x, pauseBefore: { approvers: [] }  | 44 | .pauseBefore.approvers | at least one role
          agent: x, pauseBefore: { by: ann }        | 33 | .pauseBefore.by | unknown field 'by'
          pauseBefore: false                        | 3  |  | exactly one of 'agent', 'workflow' and 'switch'
          pauseBefore: true, timeout: 1h            | 27 | .timeout | has no meaning on a task without an agent
          switch: [{ otherwise: true, then: [] }], pauseBefore: true | 49 | .pauseBefore | has no meaning on a switch
          agent: x, waitFor: paid                   | 27 | .waitFor | must be an object
          agent: x, waitFor: { timeout: 1h }        | 18 | .waitFor | needs the name of a 'signal'
          agent: x, waitFor: { signal: "a b" }      | 37 | .waitFor.signal | must be text that matches
          agent: x, waitFor: { signal: a, timeout: 0s } | 49 | .waitFor.timeout | more than 0
          agent: x, delay: soon                     | 25 | .delay | must be a duration
          agent: x, input: "${signal}"              | 28 | .input | 'signal' is known only in 'input' beside 'waitFor'
          delay: 1h, retry: {}                      | 19 | .retry | has no meaning on a task without an agent
          switch: [{ otherwise: true, then: [] }], delay: 1h | 49 | .delay | has no meaning on a switch
          agent: x, forEach: [], delay: 1h          | 31 | .delay | has no meaning with 'forEach'
          workflow: Y                               | 18 | .workflow | must be text that matches
          workflow: y, agent: x                     | 3  |  | exactly one of 'agent', 'workflow' and 'switch'
          workflow: y, version: 0                   | 30 | .version | 1
          workflow: y, onParentClose: wait          | 36 | .onParentClose | cancel
          workflow: y, forEach: 3                   | 30 | .forEach | but is a number
          workflow: y, concurrency: 3               | 21 | .concurrency | only with 'forEach'
          workflow: y, maxItems: 3                  | 21 | .maxItems | only with 'forEach'
          workflow: y, forEach: [], maxItems: 1001  | 44 | .maxItems | a whole number from 1 to 1000
          workflow: y, forEach: [], spawn: { max: 1 } | 34 | .spawn | has no meaning with 'workflow'
          workflow: y, forEach: [], delay: 1h       | 34 | .delay | has no meaning with 'forEach'
          workflow: y, forEach: [], pauseBefore: true | 34 | .pauseBefore | has no meaning with 'forEach'
          workflow: y, forEach: "${item}"           | 33 | .forEach | known only in the 'input' of a 'forEach'
          workflow: y, requires: {}                 | 21 | .requires | has no meaning with 'workflow'
          workflow: y, heartbeat: 1s                | 21 | .heartbeat | has no meaning with 'workflow'
          workflow: y, spawn: { max: 1 }            | 21 | .spawn | has no meaning with 'workflow'
          agent: x, version: 2                      | 18 | .version | has a meaning only with 'workflow'
          agent: x, onParentClose: abandon          | 18 | .onParentClose | has a meaning only with 'workflow'
          delay: 1h, version: 2                     | 19 | .version | has a meaning only with 'workflow'
          switch: []                                | 16 | .switch | at least one case
          switch: x                                 | 16 | .switch | must be a list of cases
          switch: [x]                               | 17 | .switch[0] | a case must be an object
          switch: [{ then: [] }]                    | 17 | .switch[0] | exactly one of 'when' and 'otherwise'
          switch: [{ otherwise: true }]             | 17 | .switch[0] | a case needs 'then'
          switch: [{ otherwise: no, then: [] }]     | 30 | .switch[0].otherwise | must be true
          switch: [{ otherwise: true, then: [b] }]  | 43 | .switch[0].then[0] | no task 'b'
          switch: [{ otherwise: true, then: [a] }]  | 3  |  | the needs form a cycle: a → a
          switch: [{ when: "${'a'}", then: [] }]    | 25 | .switch[0].when | must be a boolean, but this one is string
          switch: [{ if: "${true}", otherwise: true, then: [] }] | 19 | .switch[0].if | unknown field 'if'
          switch: [{ otherwise: true, then: [] }], retry: {} | 49 | .retry | has no meaning on a switch
          """)
  void ofATask(String fields, int column, String path, String message) {
    String text = "name: n\ntasks:\n  a: { " + fields + " }\n";
    assertOnly(text, 3, column, "tasks.a" + (path == null ? "" : path), message);
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("tasks: {a: {agent: x}}", 1, 1, "", "needs a 'name'"),
        Arguments.of("name: n", 1, 1, "", "needs 'tasks'"),
        Arguments.of("name: n\ntasks: {}", 2, 8, "tasks", "at least one task"),
        Arguments.of("name: n\ntasks: [a]", 2, 8, "tasks", "an object of tasks by id"),
        Arguments.of("name: n\ntasks: {a: x}", 2, 12, "tasks.a", "a task must be an object"),
        Arguments.of(
            "name: n\ntasks: {a-b: {agent: x}}", 2, 9, "tasks.a-b", "a task's id must match"),
        Arguments.of(
            "name: n\ntasks: {a: {agent: x}, a: {agent: x}}",
            2,
            24,
            "tasks.a",
            "'a' is given twice"),
        Arguments.of("name: N\ntasks: {a: {agent: x}}", 1, 7, "name", "must be text that matches"),
        Arguments.of("- a", 1, 1, "", "a definition must be an object"),
        Arguments.of(
            "name: n\ntimeout: 1y\ntasks: {a: {agent: x}}", 2, 10, "timeout", "must be a duration"),
        Arguments.of(
            "name: n\nvariables: {a b: 1}\ntasks: {a: {agent: x}}",
            2,
            13,
            "variables.a b",
            "a variable's name"),
        Arguments.of(
            "name: n\nvariables: {a: 1, a: 2}\ntasks: {a: {agent: x}}",
            2,
            19,
            "variables.a",
            "given twice"),
        Arguments.of(
            "name: n\ndefaults: {timeot: 1h}\ntasks: {a: {agent: x}}",
            2,
            12,
            "defaults.timeot",
            "did you mean 'timeout'?"),
        Arguments.of(
            "name: n\ninput: {type: objct}\ntasks: {a: {agent: x}}",
            2,
            15,
            "input.type",
            "not a valid JSON Schema"),
        Arguments.of(
            "name: n\ninput: [1]\ntasks: {a: {agent: x}}", 2, 8, "input", "an object or a boolean"),
        Arguments.of(
            "name: n\ninput: {not: {$ref: 'http://127.0.0.1:1/x'}}\ntasks: {a: {agent: x}}",
            2,
            21,
            "input.not.$ref",
            "not a valid JSON Schema"),
        Arguments.of(
            "name: n\noutput: {type: string}\noutputSchema: {type: string}\ntasks: {a: {agent: x}}",
            3,
            15,
            "outputSchema",
            "only one of the two"),
        Arguments.of(
            "name: n\noutput: \"${tasks.b.output}\"\ntasks: {a: {agent: x}}",
            2,
            12,
            "output",
            "no task 'b'"),
        Arguments.of(
            "name: n\n"
                + "tasks:\n"
                + "  a: {agent: x, needs: [c]}\n"
                + "  b: {agent: x, needs: [a]}\n"
                + "  c: {agent: x, needs: [b]}",
            3,
            25,
            "tasks.a.needs[0]",
            "a → c → b → a"),
        Arguments.of(
            "name: n\n"
                + "tasks:\n"
                + "  a: {agent: x}\n"
                + "  b:\n"
                + "    agent: x\n"
                + "    needs: [a]\n"
                + "    when: >\n"
                + "      ${tasks.c.status ==\n"
                + "      'x'}",
            7,
            11,
            "tasks.b.when",
            "no task 'c'"),
        Arguments.of(
            "name: n\nsetup: {agent: x}\ntasks: {setup: {agent: x}}",
            3,
            9,
            "tasks.setup",
            "give this one another id"),
        Arguments.of(
            "name: n\nteardown: {input: {}}\ntasks: {a: {agent: x}}",
            2,
            1,
            "teardown",
            "'teardown' needs an 'agent'"),
        Arguments.of(
            "name: n\nteardown: {agent: x, needs: [a]}\ntasks: {a: {agent: x}}",
            2,
            22,
            "teardown.needs",
            "unknown field 'needs'"),
        Arguments.of(
            "name: n\nsetup: {agent: x, input: '${tasks.a.output}'}\ntasks: {a: {agent: x}}",
            2,
            29,
            "setup.input",
            "task 'a' need not have ended by then"),
        Arguments.of(
            "name: n\nsetup: {agent: x, input: '${setup.output}'}\ntasks: {a: {agent: x}}",
            2,
            29,
            "setup.input",
            "not in its own input"),
        Arguments.of(
            "name: n\ntasks: {a: {agent: x, input: '${setup.output}'}}",
            2,
            33,
            "tasks.a.input",
            "'setup' is known only in a definition with a 'setup'"),
        Arguments.of(
            "name: n\nsetup: {agent: x}\ntasks: {a: {agent: x, input: '${setup.outputs}'}}",
            3,
            38,
            "tasks.a.input",
            "outputs"),
        Arguments.of(
            "name: n\nsensitive: [input.x]\ntasks: {a: {agent: x}}",
            2,
            1,
            "sensitive",
            "not yet supported"),
        Arguments.of(
            "name: n\nconcurrency: 1\ntasks: {a: {agent: x}}",
            2,
            1,
            "concurrency",
            "did you mean 'concurrencyKey'?"),
        Arguments.of(
            "name: n\nonPause: {agent: x, input: '${tasks.a.output}'}\ntasks: {a: {agent: x}}",
            2,
            31,
            "onPause.input",
            "task 'a' need not have ended by then"),
        Arguments.of(
            "name: n\nonResume: {agent: x}\ntasks: {onResume: {agent: x}}",
            3,
            9,
            "tasks.onResume",
            "give this one another id"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void ofADefinition(String text, int line, int column, String path, String message) {
    assertOnly(text, line, column, path, message);
  }

  @Test
  void allAreReportedAtOnceByPlace() {
    List<DefinitionProblem> problems =
        DefinitionTexts.problems(
            YAML,
            """
            name: Bad Name
            timout: 3h
            tasks:
              a: { agent: x, needs: [zz], when: "${1}" }
              b: { agnet: y }
            output: "${ 1 + }"
            """);
    assertThat(problems)
        .extracting(p -> p.line() + ":" + p.column())
        .containsExactly("1:7", "2:1", "4:26", "4:37", "5:3", "5:8", "6:16");
  }

  @Test
  void jsonHasPlacesToo() {
    assertThat(
            DefinitionTexts.problems(
                "application/json",
                "{\"name\": \"n\",\n"
                    + " \"tasks\": {\"a\": {\"agent\": \"x\",\n"
                    + "   \"when\": \"${vars.x}\"}}}"))
        .singleElement()
        .satisfies(p -> assertThat(p.line() + ":" + p.column()).isEqualTo("3:15"));
  }

  @Test
  void tasksAreLimited() {
    assertThat(DefinitionTexts.problems(YAML, chain(Limits.TASKS_MAX))).isEmpty();
    assertThat(DefinitionTexts.problems(YAML, chain(Limits.TASKS_MAX + 1)))
        .singleElement()
        .satisfies(p -> assertThat(p.message()).contains("at most 1000 tasks, but there are 1001"));
  }

  /** A thousand levels deep: no recursion may depend on it. */
  private static String chain(int tasks) {
    return "name: n\ntasks:\n"
        + IntStream.range(0, tasks)
            .mapToObj(
                i -> "  t" + i + ": {agent: x" + (i == 0 ? "}" : ", needs: [t" + (i - 1) + "]}"))
            .collect(Collectors.joining("\n"));
  }

  @Test
  void expressionsAreLimited() {
    assertThat(
            DefinitionTexts.problems(
                YAML,
                "name: n\ntasks: {a: {agent: x, input: \""
                    + "${1}".repeat(Limits.EXPRESSIONS_MAX + 1)
                    + "\"}}"))
        .singleElement()
        .satisfies(p -> assertThat(p.message()).contains("at most 10000 expressions"));
  }

  @Test
  void errorsAreLimited() {
    String text =
        "name: n\ntasks:\n"
            + IntStream.range(0, 500)
                .mapToObj(i -> "  t" + i + ": {}")
                .collect(Collectors.joining("\n"));
    assertThat(DefinitionTexts.problems(YAML, text)).hasSize(Limits.DEFINITION_ERRORS_MAX);
  }
}
