package dev.holdfast.api;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON values as plain immutable Java values, the only form in which data travels through Holdfast:
 * {@code null}, {@link Boolean}, {@link Long}, {@link Double}, {@link String}, {@link List} and
 * {@link Map} with {@code String} keys in their written order.
 */
public final class JsonValues {
  /** Levels of lists and maps in one value at most. */
  public static final int DEPTH_MAX = 64;

  private JsonValues() {}

  /**
   * The value as an immutable JSON value, deeply copied where it has to be.
   *
   * @throws IllegalArgumentException when it holds anything else, is nested deeper than {@link
   *     #DEPTH_MAX}, has a key that is not a string, an integer beyond 64 bits, or a number that
   *     JSON can't write
   */
  public static @Nullable Object immutable(@Nullable Object value) {
    return immutable(value, DEPTH_MAX);
  }

  /** Like {@link #immutable(Object)}, for a JSON object. */
  public static Map<String, @Nullable Object> immutableMap(Map<String, ?> value) {
    return immutableMap(value, DEPTH_MAX);
  }

  private static @Nullable Object immutable(@Nullable Object value, int depthLeft) {
    return switch (value) {
      case null -> null;
      case String s -> s;
      case Boolean b -> b;
      case Long l -> l;
      case Double d -> finite(d);
      case Integer i -> (long) i;
      case Short s -> (long) s;
      case Byte b -> (long) b;
      case Float f -> finite((double) f);
      case BigInteger i -> exactLong(i);
      case BigDecimal d -> finite(d.doubleValue());
      case BlobRef reference -> reference.toValue();
      case Map<?, ?> map -> immutableMap(map, depthLeft);
      case Collection<?> list -> immutableList(list, depthLeft);
      default ->
          throw new IllegalArgumentException("not a JSON value: " + value.getClass().getName());
    };
  }

  private static Map<String, @Nullable Object> immutableMap(Map<?, ?> map, int depthLeft) {
    checkDepth(depthLeft);
    if (map.isEmpty()) {
      return Map.of();
    }
    var copy = LinkedHashMap.<String, @Nullable Object>newLinkedHashMap(map.size());
    map.forEach((key, value) -> {
      if (!(key instanceof String name)) {
        throw new IllegalArgumentException("a JSON object's key must be a string: " + key);
      }
      copy.put(name, immutable(value, depthLeft - 1));
    });
    if (copy.size() == 1 && !copy.containsValue(null)) {
      var only = copy.entrySet().iterator().next();
      return Map.of(only.getKey(), only.getValue());
    }
    return Collections.unmodifiableMap(copy);
  }

  private static List<@Nullable Object> immutableList(Collection<?> list, int depthLeft) {
    checkDepth(depthLeft);
    if (list.isEmpty()) {
      return List.of();
    }
    var copy = new ArrayList<@Nullable Object>(list.size());
    list.forEach(value -> copy.add(immutable(value, depthLeft - 1)));
    return Collections.unmodifiableList(copy);
  }

  private static void checkDepth(int depthLeft) {
    if (depthLeft <= 0) {
      throw new IllegalArgumentException("nested deeper than " + DEPTH_MAX + " levels");
    }
  }

  private static Double finite(Double number) {
    if (number.isNaN() || number.isInfinite()) {
      throw new IllegalArgumentException("JSON has no number " + number);
    }
    return number;
  }

  private static Long exactLong(BigInteger number) {
    if (number.bitLength() > 63) {
      throw new IllegalArgumentException("integer beyond 64 bits, send it as a string: " + number);
    }
    return number.longValue();
  }

  /**
   * About how many bytes the value takes as JSON: exact for ASCII text without escapes, and what
   * the limits on payloads and on an execution's state are counted in.
   */
  public static long sizeBytes(@Nullable Object value) {
    return switch (value) {
      case null -> 4;
      case String s -> s.length() + 2L;
      case Map<?, ?> map -> {
        long size = 2;
        for (var entry : map.entrySet()) {
          size += sizeBytes(entry.getKey()) + sizeBytes(entry.getValue()) + 2;
        }
        yield size;
      }
      case Collection<?> list -> {
        long size = 2;
        for (var item : list) {
          size += sizeBytes(item) + 1;
        }
        yield size;
      }
      default -> 8;
    };
  }
}
