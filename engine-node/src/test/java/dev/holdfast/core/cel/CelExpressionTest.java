package dev.holdfast.core.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.ExpressionException;
import dev.holdfast.core.Limits;
import dev.holdfast.core.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CelExpressionTest {
  private static final Map<String, @Nullable Object> INPUT = input();

  private static Map<String, @Nullable Object> input() {
    var input = new HashMap<String, @Nullable Object>();
    input.put("n", 3L);
    input.put("d", 1.5);
    input.put("s", "abc");
    input.put("none", null);
    input.put("list", Arrays.asList(1L, null, 3L));
    input.put("people", List.of(Map.of("age", 17L), Map.of("age", 40L)));
    input.put("deep", Map.of("a", Map.of("b", List.of(Map.of("c", "found")))));
    return input;
  }

  private static CelExpression compiled(String source, ExpressionScope scope) {
    return switch (CelExpression.compile(source, scope)) {
      case CelExpression.Compiled compiled -> compiled.expression();
      case CelExpression.Refused refused -> throw new AssertionError(refused.problems());
    };
  }

  private static @Nullable Object value(String source) {
    return compiled(source, States.SCOPE).evaluate(States.scope(INPUT));
  }

  private static List<ExpressionProblem> problems(String source, ExpressionScope scope) {
    return switch (CelExpression.compile(source, scope)) {
      case CelExpression.Compiled compiled -> throw new AssertionError(compiled + " compiles");
      case CelExpression.Refused refused -> refused.problems();
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          input.n + 1                                   | 4
          input.n > 1.5                                 | true
          input.d                                       | 1.5
          input.d * 2.0                                 | 3.0
          input.s + 'd'                                 | abcd
          input.deep.a.b[0].c                           | found
          input['deep']['a'].b[0]['c']                  | found
          size(input.list)                              | 3
          input.list[1] == null                         | true
          3 in input.list                               | true
          'n' in input                                  | true
          has(input.missing)                            | false
          has(input.n) && input.n == 3                  | true
          input.people.exists(p, p.age >= 18)           | true
          input.people.filter(p, p.age >= 18)[0].age    | 40
          input.s.matches('^a.c$')                      | true
          vars.pages > 10 ? 'many' : 'few'              | many
          has(vars.unset)                               | false
          vars.unset == null                            | true
          tasks.done.output.x                           | 7
          tasks.done.status                             | COMPLETED
          tasks.broken.error.type                       | bad-input
          tasks.open.output == null                     | true
          tasks.open.status                             | PENDING
          has(tasks.open.output)                        | false
          has(tasks.done.output.y)                      | false
          tasks.done.output == {'x': 7, 'list': [1, 2, 3]} | true
          execution.id + '@' + execution.tenant         | exec-1@acme
          execution.definition                          | sample
          execution.startedAt                           | 2026-01-02T03:04:05Z
          execution.startedAt + duration('90m')         | 2026-01-02T04:34:05Z
          duration('90s')                               | 90s
          duration('1500ms')                            | 1.5s
          duration('0s')                                | 0s
          1u                                            | 1
          b'hi'                                         | aGk=
          [1, 2].map(tasks, tasks * 2)[1]               | 4
          """)
  void givesTheValue(String source, String expected) {
    assertThat(value(source)).hasToString(expected);
  }

  @Test
  void givesJsonValues() {
    var expected = new HashMap<String, @Nullable Object>();
    expected.put("a", null);
    expected.put("l", Arrays.asList(1L, null, 3L));
    assertThat(value("{'a': input.none, 'l': input.list.map(x, x)}")).isEqualTo(expected);
    assertThat(value("input.none")).isNull();
    assertThat(value("tasks.open.output")).isNull();
    assertThat(value("input.deep")).isEqualTo(INPUT.get("deep"));
    assertThat(value("vars")).isEqualTo(Map.of("pages", 12L, "name", "Ada"));
  }

  @Test
  void outputIsThatOfTheTaskAtHand() {
    CelExpression expression = compiled("output.pages + vars.pages", States.SET_SCOPE);
    assertThat(expression.evaluate(States.scope(null, Map.of("pages", 30)))).isEqualTo(42L);
    assertThat(compiled("output", States.SET_SCOPE).evaluate(States.scope(null, null))).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          1 + 'a'              | 2  | '+' can't be applied to (int, string)
          tasks.done.status > 1| 18 | '>' can't be applied to (string, int)
          foo.bar              | 0  | unknown name 'foo'
          input.n +            | 9  | ends too early
          input.n ) 3          | 8  | unexpected ')'
          tasks.dome.output    | 0  | no task 'dome'; did you mean 'done'?
          tasks.later.output   | 0  | task 'later' need not have ended by then
          1 == 1 && tasks.no.status == 'x' | 10 | no task 'no'
          tasks.done           | 0  | a task is not a value
          tasks                | 0  | a task is not a value
          tasks['done'].output | 0  | a task is not a value
          tasks.done.outptu    | 10 | no field 'outptu'
          execution            | 0  | 'execution' is not a value
          execution.now        | 9  | no field 'now'
          vars.pags            | 0  | no variable 'pags' in 'variables' or any 'set'; did you mean 'pages'?
          has(vars.pags)       | 4  | no variable 'pags'
          output.x             | 0  | 'output' is known only in 'set'
          [1].map(x, y)        | 11 | unknown name 'y'
          noSuch(1)            | 6  | unknown name 'noSuch'
          """)
  void refusesWithThePlace(String source, int offset, String message) {
    assertThat(problems(source, States.SCOPE))
        .anySatisfy(problem -> {
          assertThat(problem.message()).contains(message);
          assertThat(problem.offset()).isEqualTo(offset);
        });
  }

  @Test
  void offsetsCountCharactersAlsoBehindSurrogates() {
    assertThat(problems("  '\uD83D\uDE00' + nope", States.SCOPE).getFirst().offset()).isEqualTo(9);
  }

  @Test
  void everyProblemIsReported() {
    assertThat(problems("vars.a + vars.b + tasks.c.output", States.SCOPE)).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   "})
  void emptyIsRefused(String source) {
    assertThat(problems(source, States.SCOPE).getFirst().message()).contains("empty");
  }

  @Test
  void lengthIsLimited() {
    String longest = "'" + "a".repeat(Limits.EXPRESSION_CHARS_MAX - 2) + "'";
    compiled(longest, States.SCOPE);
    assertThat(problems(longest + " ".repeat(3) + "+ ''", States.SCOPE).getFirst().message())
        .contains("longer than " + Limits.EXPRESSION_CHARS_MAX);
  }

  @Test
  void nestingIsLimited() {
    compiled("(".repeat(20) + "1" + ")".repeat(20), States.SCOPE);
    assertThat(problems("(".repeat(500) + "1" + ")".repeat(500), States.SCOPE)).isNotEmpty();
    assertThat(problems("[".repeat(500) + "]".repeat(500), States.SCOPE)).isNotEmpty();
    assertThat(problems("1" + "+1".repeat(Limits.EXPRESSION_NODES_MAX), States.SCOPE)).isNotEmpty();
    assertThat(value("1" + "+1".repeat(40))).isEqualTo(41L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          input.missing           | missing
          input.none.x            | x
          tasks.open.output.x     | x
          input.list[9]           | 9
          1 / (input.n - 3)       | zero
          9223372036854775807 + input.n | overflow
          input.n + 1.5           | overload
          int('x')                | x
          type(input.n)           | not a value for JSON
          {input.n: 1}            | key must be a string
          1.0 / (input.d - 1.5)   | no number
          """)
  void failsOnTheseValues(String source, String message) {
    CelExpression expression = compiled(source, States.SCOPE);
    assertThatThrownBy(() -> expression.evaluate(States.scope(INPUT)))
        .isInstanceOf(ExpressionException.class)
        .message()
        .containsIgnoringCase(message)
        .hasSizeLessThan(1000);
  }

  @Test
  void iterationsAreLimitedOverAllLoops() {
    var many = LongStream.range(0, Limits.EXPRESSION_ITERATIONS_MAX).boxed().toList();
    Scope atLimit = States.scope(Map.of("l", many));
    assertThat(compiled("input.l.all(x, x >= 0)", States.SCOPE).evaluate(atLimit)).isEqualTo(true);
    CelExpression nested = compiled("input.l.map(x, input.l.map(y, y))", States.SCOPE);
    assertThatThrownBy(() -> nested.evaluate(atLimit)).isInstanceOf(ExpressionException.class);
    CelExpression once = compiled("input.l.all(x, x >= 0)", States.SCOPE);
    var over = new ArrayList<>(many);
    over.add(0L);
    assertThatThrownBy(() -> once.evaluate(States.scope(Map.of("l", over))))
        .isInstanceOf(ExpressionException.class)
        .hasMessageContaining(String.valueOf(Limits.EXPRESSION_ITERATIONS_MAX));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "input.l.map(x, input.s + input.s)",
        "input.l.exists(x, input.s + 'a' == 'b')",
        "input.l.filter(x, input.s == input.t)",
        "input.l.filter(x, input.s.contains('zz'))",
        "input.l.filter(x, input.s.matches('(a*)*b'))",
        "input.l.filter(x, input == {'s': input.t})",
        "input.l.filter(x, input.t in input.big)",
        "input.l.map(x, bytes(input.s))",
        "input.l.map(x, input.big + input.big)",
        "input.l.exists(x, input.s.matches('b') || true == false)",
        "input.l.filter(x, input.s < input.t)",
        "input.l.filter(x, input.s.startsWith(input.t))",
      })
  void workIsLimited(String source) {
    Scope scope =
        States.scope(
            Map.of(
                "l", LongStream.range(0, 9_000).boxed().toList(),
                "s", "a".repeat(900_000),
                "t", "a".repeat(900_000).replaceFirst("a$", "c"),
                "big", IntStream.range(0, 100_000).mapToObj(i -> "x" + i).toList()));
    CelExpression expression = compiled(source, States.SCOPE);
    long began = System.nanoTime();
    assertThatThrownBy(() -> expression.evaluate(scope))
        .isInstanceOf(ExpressionException.class)
        .message()
        .hasSizeLessThan(1000);
    assertThat((System.nanoTime() - began) / 1_000_000).isLessThan(5_000);
  }

  @Test
  void resultsAreLimitedInSize() {
    Scope scope = States.scope(Map.of("s", "a".repeat(600_000)));
    CelExpression twice = compiled("[input.s, input.s]", States.SCOPE);
    assertThatThrownBy(() -> twice.evaluate(scope))
        .isInstanceOf(ExpressionException.class)
        .hasMessageContaining("larger than");
    CelExpression shared =
        compiled("[1,2,3,4,5,6,7,8].map(a, vars.name).map(b, input.s)", States.SCOPE);
    assertThatThrownBy(() -> shared.evaluate(scope)).isInstanceOf(ExpressionException.class);
  }

  @Test
  void sumsOfListsDoNotDisturbEachOther() {
    assertThat(value("[[1, 2].map(a, a)].map(z, [z + [3], z + [4], z, z + z])"))
        .isEqualTo(
            List.of(
                List.of(
                    List.of(1L, 2L, 3L),
                    List.of(1L, 2L, 4L),
                    List.of(1L, 2L),
                    List.of(1L, 2L, 1L, 2L))));
  }

  @Test
  void aCheapErrorBesideTrueDoesNotFailTheWhole() {
    assertThat(value("input.missing == 1 || input.n == 3")).isEqualTo(true);
  }

  @Test
  void readsNamesWhatItLooksAt() {
    CelExpression expression =
        compiled(
            "vars.pages > 3 && has(tasks.done.output.x) && input.people.exists(p, p.age > 1) &&"
                + " tasks.broken.status == 'FAILED' && execution.startedAt >"
                + " timestamp('2026-01-01T00:00:00Z')",
            States.SCOPE);
    assertThat(expression.reads(States.scope(INPUT)))
        .containsExactly(
            Map.entry("vars.pages", 12L),
            Map.entry("tasks.done.output.x", 7L),
            Map.entry("input.people", List.of(Map.of("age", 17L), Map.of("age", 40L))),
            Map.entry("tasks.broken.status", "FAILED"),
            Map.entry("execution.startedAt", "2026-01-02T03:04:05Z"));
  }

  @Test
  void readsGiveNullWhereThereIsNothing() {
    assertThat(
            compiled("vars.unset == 1 || input.a.b == 2", States.SCOPE).reads(States.scope(INPUT)))
        .containsEntry("vars.unset", null)
        .containsEntry("input.a.b", null);
  }

  @Test
  void sourceIsAsWritten() {
    CelExpression expression = compiled("  vars.pages > 1 ", States.SCOPE);
    assertThat(expression.source()).isEqualTo("vars.pages > 1");
    assertThat(expression.canBeBoolean()).isTrue();
    assertThat(compiled("1 + 1", States.SCOPE).canBeBoolean()).isFalse();
  }
}
