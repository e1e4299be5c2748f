package dev.holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BlobRefTest {
  private static final String HASH = "0123456789abcdef".repeat(4);
  private static final BlobRef REFERENCE = new BlobRef(HASH, 7, "text/csv");

  @Test
  void comesBackAsValue() {
    assertThat(BlobRef.of(REFERENCE.toValue())).isEqualTo(REFERENCE);
    assertThat(REFERENCE.toValue())
        .containsExactly(
            Map.entry("$ref", "sha256:" + HASH),
            Map.entry("bytes", 7L),
            Map.entry("mediaType", "text/csv"));
    assertThat(BlobRef.of(Map.of("$ref", "sha256:" + HASH))).isEqualTo(new BlobRef(HASH, -1, null));
  }

  @Test
  void isToldFromOtherValues() {
    assertThat(BlobRef.of(null)).isNull();
    assertThat(BlobRef.of("sha256:" + HASH)).isNull();
    assertThat(BlobRef.of(Map.of("$ref", "#/defs/a"))).isNull();
    assertThat(BlobRef.of(Map.of("$ref", 7L))).isNull();
  }

  @Test
  void malformedOnesAreRefused() {
    assertThatThrownBy(() -> BlobRef.of(Map.of("$ref", "sha256:12"))).hasMessageContaining("64");
    assertThatThrownBy(() -> BlobRef.of(Map.of("$ref", "sha256:" + HASH.toUpperCase())))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BlobRef.of(Map.of("$ref", "sha256:" + HASH, "bytes", "7")))
        .hasMessageContaining("bytes");
  }

  @Test
  void areFoundWhereverTheyAre() {
    Object value =
        Map.of("a", List.of(1L, Map.of("b", REFERENCE.toValue())), "c", Arrays.asList("x", null));
    var paths = new ArrayList<String>();
    BlobRef.forEach("output", value, (path, map) -> paths.add(path));
    assertThat(paths).containsExactly("output.a[1].b");
    paths.clear();
    BlobRef.forEach("input", REFERENCE.toValue(), (path, map) -> paths.add(path));
    assertThat(paths).containsExactly("input");
  }

  @Test
  void giveTheirPlaceToWhatTheyStandFor() {
    List<@Nullable Object> value =
        Arrays.asList(null, Map.of("a", REFERENCE.toValue(), "n", 1L), REFERENCE.toValue());
    assertThat(BlobRef.resolved(value, reference -> reference.bytes()))
        .isEqualTo(Arrays.asList(null, Map.of("a", 7L, "n", 1L), 7L));
    List<@Nullable Object> plain = List.of(Map.of("a", 1L));
    assertThat(BlobRef.resolved(plain, reference -> 0)).isSameAs(plain);
  }
}
