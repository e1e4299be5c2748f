package dev.holdfast.journal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.definition.DefinitionCompiler;
import dev.holdfast.core.definition.DefinitionCompiler.Compiled;
import dev.holdfast.core.definition.DefinitionProblem;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which field has a meaning on which kind of task; where it has none it is refused by its name. */
class MisplacedFieldsTest {
  private static final String YAML = "application/yaml";
  private static final List<String> KINDS =
      List.of(
          "agent: x",
          "agent: x, forEach: [1]",
          "workflow: y",
          "workflow: y, forEach: [1]",
          "switch: [{ otherwise: true, then: [] }]",
          "waitFor: { signal: s }");

  /** By kind, in their order above: whether the field has a meaning there. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          description: for people   | + + + + + +
          needs: []                 | + + + + + +
          join: all                 | + + + + + +
          when: "${true}"           | + + + + + +
          onFailure: continue       | + + + + + +
          input: 1                  | + + + + - +
          set: { v: 1 }             | + + + + - +
          compensate: { agent: z }  | + + + + - +
          timeout: 1m               | + + + + - -
          retry: {}                 | + + + + - -
          priority: 3               | + + + + - -
          forEach: [2]              | + . + . - -
          requires: { l: m }        | + + - - - -
          heartbeat: 1s             | + + - - - -
          spawn: { max: 1 }         | + - - - - -
          version: 2                | - - + + - -
          onParentClose: abandon    | - - + + - -
          concurrency: 2            | - + - + - -
          maxItems: 2               | - + - + - -
          delay: 1s                 | + - + - - +
          waitFor: { signal: t }    | + - + - - .
          pauseBefore: true         | + - + - - +
          pauseBefore: false        | + - + - - +
          """)
  void isRefused(String field, String verdicts) {
    String path = "tasks.a." + field.substring(0, field.indexOf(':'));
    String[] verdict = verdicts.split(" ");
    assertThat(verdict).hasSameSizeAs(KINDS);
    for (int i = 0; i < verdict.length; i++) {
      if (!verdict[i].equals(".")) {
        String text = "name: n\ntasks:\n  a: { %s, %s }\n".formatted(KINDS.get(i), field);
        boolean allowed = verdict[i].equals("+");
        assertThat(DefinitionTexts.problems(YAML, text).isEmpty()).as(text).isEqualTo(allowed);
        assertThat(PublishedSchema.violations(YAML, text).isEmpty())
            .as("by the schema: " + text)
            .isEqualTo(allowed);
        if (!allowed) {
          assertThat(DefinitionTexts.problems(YAML, text))
              .as(text)
              .extracting(DefinitionProblem::path)
              .contains(path);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          switch: [{ otherwise: true, then: [] }], concurrency: 2, maxItems: 2
          waitFor: { signal: s }, concurrency: 2
          agent: x, forEach: [1], pauseBefore: false
          """)
  void isPassedOverWhereItWasOnceRegistered(String task) {
    String text = "name: n\ntasks:\n  a: { " + task + " }\n";
    assertThat(DefinitionTexts.problems(YAML, text)).isNotEmpty();
    assertThat(
            DefinitionCompiler.compileRegistered(
                DefinitionTexts.tree(YAML, text), 1, new SchemaCompiler()))
        .isInstanceOf(Compiled.class);
  }
}
