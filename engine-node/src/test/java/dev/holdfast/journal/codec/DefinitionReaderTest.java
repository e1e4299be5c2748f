package dev.holdfast.journal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.Limits;
import dev.holdfast.core.definition.DefinitionProblem;
import dev.holdfast.core.definition.SourceNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DefinitionReaderTest {
  private static final String YAML = "application/yaml";
  private static final String JSON = "application/json";

  static Stream<Arguments> unreadable() {
    return Stream.of(
        Arguments.of(YAML, "", 1, 1, "empty"),
        Arguments.of(YAML, "# nothing\n", 1, 1, "empty"),
        Arguments.of(JSON, "", 1, 1, "empty"),
        Arguments.of(YAML, "a: {b: [}\n", 1, 9, "can't be read"),
        Arguments.of(YAML, "a: 1\n b: 2\n", 2, 3, "can't be read"),
        Arguments.of(YAML, "a:\n\t- b\n", 2, 1, "TAB"),
        Arguments.of(YAML, "a: \"x\nb: 1\n", 3, 1, "can't be read"),
        Arguments.of(YAML, "a: &x {b: 1}\nc: *x\n", 1, 4, "anchors"),
        Arguments.of(YAML, "a: &x 1\nc: *x\n", 2, 4, "anchors"),
        Arguments.of(YAML, "a: !!str 1\n", 1, 4, "tags"),
        Arguments.of(YAML, "a: 99999999999999999999\n", 1, 4, "beyond 64 bits"),
        Arguments.of(YAML, "a: .inf\n", 1, 4, "no such number"),
        Arguments.of(YAML, "a: 1\n---\nb: 2\n", 3, 1, "one document"),
        Arguments.of(JSON, "{\"a\": }", 1, 7, "can't be read"),
        Arguments.of(JSON, "{\"a\": 1,\n \"b\": 01}", 2, 8, "can't be read"),
        Arguments.of(JSON, "{\"a\": 1", 1, 8, "can't be read"),
        Arguments.of(JSON, "{} {}", 1, 4, "one document"),
        Arguments.of(JSON, "[1e999]", 1, 2, "no such number"));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void saysWhereItCannotBeRead(
      String mediaType, String text, int line, int column, String message) {
    assertThat(DefinitionReader.read(mediaType, text))
        .isInstanceOfSatisfying(
            DefinitionReader.Unreadable.class,
            unreadable -> {
              DefinitionProblem first = unreadable.problems().getFirst();
              assertThat(first.message()).contains(message);
              assertThat(first.line() + ":" + first.column()).isEqualTo(line + ":" + column);
            });
  }

  @Test
  void sizeIsLimited() {
    String comment = "#" + "x".repeat(Limits.DEFINITION_BYTES_MAX - 6);
    assertThat(DefinitionReader.read(YAML, comment + "\na: 1"))
        .isInstanceOf(DefinitionReader.Read.class);
    assertThat(DefinitionTexts.problems(YAML, comment + "\na: 10").getFirst().message())
        .contains("larger than " + Limits.DEFINITION_BYTES_MAX);
    assertThat(DefinitionTexts.problems(YAML, "é".repeat(Limits.DEFINITION_BYTES_MAX - 1)))
        .isNotEmpty();
  }

  @Test
  void nestingIsLimitedAndItsPlaceKnown() {
    int max = Limits.DEFINITION_DEPTH_MAX;
    for (String type : List.of(YAML, JSON)) {
      DefinitionTexts.tree(type, "[".repeat(max) + "]".repeat(max));
      for (int depth : new int[] {max + 1, 50_000}) {
        assertThat(DefinitionTexts.problems(type, "[".repeat(depth) + "]".repeat(depth)))
            .singleElement()
            .satisfies(p -> {
              assertThat(p.message()).contains("nested deeper than " + max);
              assertThat(p.column()).isEqualTo(max + 1);
            });
      }
    }
  }

  @Test
  void yamlAndJsonGiveTheSameValues() {
    var expected = new HashMap<String, @Nullable Object>();
    expected.put("a", Arrays.asList(1L, -2.5, true, null, "x"));
    expected.put("b", Map.of("c", Map.of()));
    assertThat(
            SourceNode.toJson(
                DefinitionTexts.tree(YAML, "a: [1, -2.5, true, null, x] # so\nb:\n  c: {}\n")))
        .isEqualTo(expected);
    assertThat(
            SourceNode.toJson(
                DefinitionTexts.tree(
                    JSON, "{\"a\": [1, -2.5, true, null, \"x\"], \"b\": {\"c\": {}}}")))
        .isEqualTo(expected);
  }

  @Test
  void wordsThatOnceWereBooleansAreText() {
    assertThat(SourceNode.toJson(DefinitionTexts.tree(YAML, "[yes, no, on, 2026-01-01, 012, ~]")))
        .isEqualTo(Arrays.asList("yes", "no", "on", "2026-01-01", 12L, null));
  }

  @Test
  void everythingKnowsItsPlace() {
    var root =
        (SourceNode.Mapping)
            DefinitionTexts.tree(YAML, "\uFEFF# c\nname: n\ntasks:\n  a: \"x y\"\n");
    SourceNode.Entry tasks = root.entries().get(1);
    assertThat(List.of(tasks.line(), tasks.column())).isEqualTo(List.of(3, 1));
    SourceNode.Entry task = ((SourceNode.Mapping) tasks.value()).entries().getFirst();
    assertThat(List.of(task.line(), task.column())).isEqualTo(List.of(4, 3));
    assertThat(task.value()).isEqualTo(new SourceNode.Scalar("x y", 4, 6, 7));
  }

  @Test
  void aTextWhoseCharactersMovedHasNoColumnOfItsOwn() {
    var root =
        (SourceNode.Sequence)
            DefinitionTexts.tree(YAML, "- \"a\\tb\"\n- |\n  block\n- 'it''s'\n- plain");
    assertThat(root.items())
        .extracting(item -> ((SourceNode.Scalar) item).textColumn())
        .containsExactly(0, 0, 0, 3);
  }
}
