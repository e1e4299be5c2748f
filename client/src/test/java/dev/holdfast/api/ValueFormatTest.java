package dev.holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ValueFormatTest {
  private static @Nullable Object json(String text) {
    return ValueFormat.JSON.read(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void valuesComeBackInBothFormats() {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("z", Long.MIN_VALUE);
    map.put("a", Arrays.asList(null, true, false, 0.25, "ä\"\n", List.of(), Map.of()));
    map.put("nothing", null);
    for (ValueFormat format : ValueFormat.values()) {
      Object read = format.read(format.write(map));
      assertThat(read).isEqualTo(map);
      assertThat(((Map<?, ?>) read).keySet()).hasToString("[z, a, nothing]");
      assertThat(format.read(new ByteArrayInputStream(format.write(map)))).isEqualTo(map);
    }
    assertThat(ValueFormat.JSON.writeText(Map.of("a", 1L))).isEqualTo("{\"a\":1}");
  }

  @Test
  void numbersAreLongsAndDoubles() {
    assertThat(json("[1,-0,1.0,1e3,9223372036854775807]"))
        .isEqualTo(List.of(1L, 0L, 1.0, 1000.0, Long.MAX_VALUE));
  }

  @Test
  void whatIsNoValueIsRefusedWithItsPlace() {
    assertThatThrownBy(() -> json("{\n \"a\": 9223372036854775808}"))
        .isInstanceOf(MalformedValueException.class)
        .hasMessageContaining("64 bits")
        .hasMessageContaining("line 2, column 7");
    for (String bad :
        List.of(
            "",
            "{",
            "[1,]",
            "{\"a\":1,\"a\":2}",
            "{\"a\":1,\"a\":1}",
            "1 2",
            "NaN",
            "1e999",
            "'x'",
            "{a:1}",
            "\u0000",
            "[1] x",
            "{\"a\":null,\"a\":1}")) {
      assertThatThrownBy(() -> json(bad)).as(bad).isInstanceOf(MalformedValueException.class);
    }
  }

  @Test
  void nestingIsBounded() {
    String deepest = "[".repeat(JsonValues.DEPTH_MAX) + "]".repeat(JsonValues.DEPTH_MAX);
    assertThat(json(deepest)).isNotNull();
    assertThatThrownBy(() -> json("[" + deepest + "]"))
        .isInstanceOf(MalformedValueException.class)
        .hasMessageContaining("nested deeper than 64");
    assertThatThrownBy(() -> json("[".repeat(100_000))).isInstanceOf(MalformedValueException.class);
  }

  @Test
  void objectIsAskedFor() {
    assertThat(ValueFormat.JSON.readMap("{\"a\":[]}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(Map.of("a", List.of()));
    assertThatThrownBy(() -> ValueFormat.JSON.readMap("[]".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(MalformedValueException.class);
  }
}
