package dev.holdfast.node.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A few measurements in milliseconds, in order of size. */
final class Spread {
  private Spread() {}

  /** {@code p50, max} and all of them. */
  static Map<String, Object> of(List<Long> millis) {
    List<Long> sorted = millis.stream().sorted().toList();
    var map = new LinkedHashMap<String, Object>();
    map.put("p50", sorted.isEmpty() ? 0L : sorted.get((sorted.size() - 1) / 2));
    map.put("max", sorted.isEmpty() ? 0L : Collections.max(sorted));
    map.put("all", sorted);
    return map;
  }
}
