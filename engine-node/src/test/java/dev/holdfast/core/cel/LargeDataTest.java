package dev.holdfast.core.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.BlobRef;
import dev.holdfast.core.ExpressionException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What expressions make of data that is kept by reference. */
class LargeDataTest {
  private static final Map<String, @Nullable Object> REFERENCE =
      new BlobRef("ab".repeat(32), 104_857_600, BlobRef.JSON).toValue();
  private static final Map<String, @Nullable Object> INPUT =
      Map.of("report", REFERENCE, "schema", Map.of("$ref", "#/defs/line"), "n", 3L);

  private static @Nullable Object value(String source, @Nullable Object input) {
    return switch (CelExpression.compile(source, States.SCOPE)) {
      case CelExpression.Compiled compiled -> compiled.expression().evaluate(States.scope(input));
      case CelExpression.Refused refused -> throw new AssertionError(refused.problems());
    };
  }

  @Test
  void passingItOnWholeWorks() {
    assertThat(value("input.report", INPUT)).isEqualTo(REFERENCE);
    assertThat(value("input", REFERENCE)).isEqualTo(REFERENCE);
    assertThat(value("{'all': [input.report, 1]}", INPUT))
        .isEqualTo(Map.of("all", List.of(REFERENCE, 1L)));
    assertThat(value("input.report == null", INPUT)).isEqualTo(false);
    assertThat(value("has(input.report)", INPUT)).isEqualTo(true);
    assertThat(value("input.n > 2 ? input.report : null", INPUT)).isEqualTo(REFERENCE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "input.report.pages",
        "input.report['pages']",
        "has(input.report.pages)",
        "input.report.bytes",
        "size(input.report)",
        "'pages' in input.report",
        "input.report.exists(p, p == 'a')",
        "input.report == {'a': 1}"
      })
  void lookingInsideSaysWhatCannotBeReadAndWhy(String source) {
    assertThatThrownBy(() -> value(source, INPUT))
        .isInstanceOf(ExpressionException.class)
        .hasMessageContaining(source)
        .hasMessageContaining("by reference (sha256:abab")
        .hasMessageContaining("104857600 bytes");
  }

  @Test
  void theFieldIsNamed() {
    assertThatThrownBy(() -> value("input.report.pages + 1", INPUT))
        .hasMessageContaining("field 'pages' can't be read");
    assertThatThrownBy(() -> value("input.pages", REFERENCE))
        .hasMessageContaining("field 'pages' can't be read");
  }

  @Test
  void itIsNoPartOfAText() {
    assertThatThrownBy(
            () -> {
              var compiled =
                  (Templates.Compiled) Templates.compile("see ${input.report}!", States.SCOPE);
              Templates.template(compiled.node()).evaluate(States.scope(INPUT));
            })
        .isInstanceOf(ExpressionException.class)
        .hasMessageContaining("${input.report} can't be part of a text");
  }

  @Test
  void anyOtherRefIsPlainData() {
    assertThat(value("input.schema['$ref']", INPUT)).isEqualTo("#/defs/line");
    assertThat(value("size(input.schema)", INPUT)).isEqualTo(1L);
  }
}
