package dev.holdfast.grid.definition;

import com.hazelcast.core.HazelcastJsonValue;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which versions a definition has.
 *
 * @param digests by version
 */
record Versions(NavigableMap<Integer, String> digests) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  Versions {
    digests = Collections.unmodifiableNavigableMap(new TreeMap<>(digests));
  }

  /** From the map's entry of a name; null: there is none. */
  static Versions of(@Nullable HazelcastJsonValue json) {
    var digests = new TreeMap<Integer, String>();
    if (json != null) {
      for (var entry : MAPPER.readTree(json.getValue()).path("versions").properties()) {
        digests.put(Integer.valueOf(entry.getKey()), entry.getValue().stringValue());
      }
    }
    return new Versions(digests);
  }

  HazelcastJsonValue json() {
    return new HazelcastJsonValue(
        MAPPER.writeValueAsString(Map.of("newest", newest(), "versions", digests)));
  }

  Versions with(int version, String digest) {
    var more = new TreeMap<>(digests);
    more.put(version, digest);
    return new Versions(more);
  }

  /** 0: there is none. */
  int newest() {
    return digests.isEmpty() ? 0 : digests.lastKey();
  }

  /** 0: there is none. */
  int versionOf(String digest) {
    return digests.entrySet().stream()
        .filter(entry -> entry.getValue().equals(digest))
        .mapToInt(Map.Entry::getKey)
        .findFirst()
        .orElse(0);
  }

  @Nullable String digestOf(int version) {
    return digests.get(version);
  }
}
