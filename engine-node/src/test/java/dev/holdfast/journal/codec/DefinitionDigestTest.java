package dev.holdfast.journal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DefinitionDigestTest {
  private static String digest(String mediaType, String text) {
    return DefinitionDigest.of(DefinitionTexts.tree(mediaType, text));
  }

  @Test
  void formMakesNoDifference() {
    String digest = digest("application/yaml", "name: n\ntasks: {a: {agent: x, priority: 1}}");
    assertThat(digest).matches("[0-9a-f]{64}");
    assertThat(
            digest(
                "application/yaml",
                "# comment\ntasks:\n  a:\n    priority: 1\n    agent: \"x\"\nname: 'n'\n"))
        .isEqualTo(digest);
    assertThat(
            digest(
                "application/json",
                "{\"tasks\": {\"a\": {\"agent\": \"\\u0078\", \"priority\": 1}}, \"name\": \"n\"}"))
        .isEqualTo(digest);
  }

  @Test
  void contentMakesADifference() {
    String digest = digest("application/yaml", "a: [1, 2]");
    assertThat(digest("application/yaml", "a: [2, 1]")).isNotEqualTo(digest);
    assertThat(digest("application/yaml", "a: [1, '2']")).isNotEqualTo(digest);
    assertThat(digest("application/yaml", "b: [1, 2]")).isNotEqualTo(digest);
    assertThat(digest("application/yaml", "{a: [1, 2], b: null}")).isNotEqualTo(digest);
  }
}
