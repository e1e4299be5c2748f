package dev.holdfast.node.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A setting that is a mapping: {@code NAME=VALUE} with commas between, or a mapping in the file.
 */
final class Mapping {
  private Mapping() {}

  /**
   * @param value reads one value; throws {@link IllegalArgumentException} for what is out of range
   */
  static <T> Map<String, T> parse(String text, Function<String, T> value) {
    var values = new LinkedHashMap<String, T>();
    for (String one : text.split(",")) {
      if (!one.isBlank()) {
        int equals = one.lastIndexOf('=');
        if (equals < 1) {
          throw new IllegalArgumentException("not NAME=VALUE");
        }
        values.put(
            one.substring(0, equals).strip(), value.apply(one.substring(equals + 1).strip()));
      }
    }
    return values;
  }

  /** As it is written in one line. */
  static String line(Map<?, ?> mapping) {
    var line = new StringBuilder();
    mapping.forEach((name, value) ->
        line.append(line.isEmpty() ? "" : ", ").append(name).append('=').append(value));
    return line.toString();
  }
}
