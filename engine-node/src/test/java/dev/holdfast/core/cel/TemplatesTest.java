package dev.holdfast.core.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.ExpressionException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplatesTest {
  private static Templates.Node node(String text) {
    return switch (Templates.compile(text, States.SCOPE)) {
      case Templates.Compiled compiled -> compiled.node();
      case Templates.Refused refused -> throw new AssertionError(refused.problems());
    };
  }

  private static @Nullable Object value(Templates.Node node) {
    return Templates.template(node)
        .evaluate(States.scope(Map.of("n", 3, "s", "abc", "l", List.of(1, "x"), "d", 2.0)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          plain text                            | plain text
          n is ${input.n}!                      | n is 3!
          ${input.s}${input.s}                  | abcabc
          ${input.l} and ${input.d}             | [1,"x"] and 2.0
          ${ {'settled': input.n} }.            | {"settled":3}.
          ${ {'a': '}'} }.                      | {"a":"}"}.
          ${'it\\'s }'}.                        | it's }.
          ${r'\\}' + '}'}.                      | \\}}.
          ${'''a'}b'''}.                        | a'}b.
          ${"x}" + 'y'}.                        | x}y.
          $${input.n} costs $5                  | ${input.n} costs $5
          ${tasks.open.output}.                 | null.
          ${input.`n`}.                         | 3.
          """)
  void textIsInterpolated(String template, String expected) {
    assertThat(value(node(template))).isEqualTo(expected);
  }

  @Test
  void oneExpressionKeepsItsType() {
    assertThat(value(node("${input.n}"))).isEqualTo(3L);
    assertThat(value(node("${input.l}"))).isEqualTo(List.of(1L, "x"));
    assertThat(value(node("${ {'settled': {'n': input.n}} }")))
        .isEqualTo(Map.of("settled", Map.of("n", 3L)));
    assertThat(value(node(" ${input.n}\n"))).isEqualTo(3L);
    assertThat(value(node("${input.n // the }\n + 1}"))).isEqualTo(4L);
  }

  @Test
  void nestedValuesKeepTheirShape() {
    var node =
        Templates.fields(
            Map.of(
                "list",
                Templates.items(List.of(node("${input.n}"), node("x"))),
                "constant",
                new Templates.Constant(true)));
    assertThat(value(node)).isEqualTo(Map.of("list", List.of(3L, "x"), "constant", true));
  }

  @Test
  void whatIsConstantIsMadeOnce() {
    var node = Templates.fields(Map.of("a", Templates.items(List.of(node("x"), node("$${y}")))));
    assertThat(node).isEqualTo(new Templates.Constant(Map.of("a", List.of("x", "${y}"))));
    var template = Templates.template(node);
    assertThat(template.evaluate(States.scope(null)))
        .isSameAs(template.evaluate(States.scope("other")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"${", "a ${input.n", "${'}", "${ {'a': 1 }", "${`}", "${'''a'}", "${r'\\'"})
  void unfinishedIsRefused(String template) {
    assertThat(Templates.compile(template, States.SCOPE))
        .isInstanceOfSatisfying(
            Templates.Refused.class,
            refused -> {
              assertThat(refused.problems().getFirst().message()).contains("without its '}'");
              assertThat(refused.problems().getFirst().offset()).isEqualTo(template.indexOf("${"));
            });
  }

  @Test
  void everyExpressionsProblemsHaveTheirPlace() {
    assertThat(Templates.compile("ab ${foo} and ${ 1 + 'a' }", States.SCOPE))
        .isInstanceOfSatisfying(
            Templates.Refused.class,
            refused ->
                assertThat(refused.problems())
                    .extracting(ExpressionProblem::offset)
                    .containsExactly(5, 19));
  }

  @Test
  void theWholeIsLimitedInSize() {
    var scope = States.scope(Map.of("s", "a".repeat(300_000)));
    var node =
        Templates.items(
            List.of(
                node("${input.s}"), node("x${input.s}"), node("${input.s}"), node("${input.s}")));
    assertThatThrownBy(() -> Templates.template(node).evaluate(scope))
        .isInstanceOf(ExpressionException.class)
        .hasMessageContaining("larger than");
  }
}
