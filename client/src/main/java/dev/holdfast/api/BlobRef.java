package dev.holdfast.api;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Data that is kept beside executions, as a value names it: <code>
 * {"$ref": "sha256:…", "bytes": n, "mediaType": "…"}</code>. An object is a reference when its
 * {@code $ref} is a string that begins with {@code sha256:}; any other {@code $ref} is plain data.
 *
 * @param sha256 of the content: 64 digits 0-9 a-f
 * @param bytes of the content; -1: the value does not say
 * @param mediaType of the content; null: the value does not say
 */
public record BlobRef(String sha256, long bytes, @Nullable String mediaType) {
  /** What a reference has in place of data. */
  public static final String FIELD = "$ref";

  /** The media type of values. */
  public static final String JSON = "application/json";

  private static final String SCHEME = "sha256:";
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  /**
   * @throws IllegalArgumentException when that is no SHA-256
   */
  public BlobRef {
    requireHash(sha256);
    if (bytes < -1) {
      throw new IllegalArgumentException("bytes must not be negative, but is " + bytes);
    }
  }

  /**
   * The hash.
   *
   * @throws IllegalArgumentException when it isn't 64 digits 0-9 a-f
   */
  public static String requireHash(String sha256) {
    if (!HASH.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          "a SHA-256 has 64 digits of 0-9 a-f, but this is: " + sha256);
    }
    return sha256;
  }

  /** Whether the value is a reference, well-formed or not. */
  public static boolean isReference(@Nullable Object value) {
    return value instanceof Map<?, ?> map
        && map.get(FIELD) instanceof String text
        && text.startsWith(SCHEME);
  }

  /**
   * The reference that a value is.
   *
   * @return null: it is none
   * @throws IllegalArgumentException when it is one that is malformed
   */
  public static @Nullable BlobRef of(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> map) || !isReference(value)) {
      return null;
    }
    String hash = map.get(FIELD).toString().substring(SCHEME.length());
    Object bytes = map.get("bytes");
    Object type = map.get("mediaType");
    if (bytes != null && !(bytes instanceof Number)) {
      throw new IllegalArgumentException("bytes must be a number, but is " + bytes);
    }
    return new BlobRef(
        hash,
        bytes instanceof Number number ? number.longValue() : -1,
        type == null ? null : type.toString());
  }

  /** Calls for each reference that the value is or holds, with where it is, such as {@code a.b}. */
  public static void forEach(
      String path, @Nullable Object value, BiConsumer<String, Map<?, ?>> each) {
    switch (value) {
      case Map<?, ?> map when isReference(map) -> each.accept(path, map);
      case Map<?, ?> map ->
          map.forEach((key, item) -> {
            if (item instanceof Map || item instanceof Collection) {
              forEach(path + '.' + key, item, each);
            }
          });
      case Collection<?> list -> {
        int index = 0;
        for (Object item : list) {
          if (item instanceof Map || item instanceof Collection) {
            forEach(path + '[' + index + ']', item, each);
          }
          index++;
        }
      }
      case null, default -> {
        // Neither is one nor can hold one.
      }
    }
  }

  /** What takes the place of a reference. */
  @FunctionalInterface
  public interface Resolver {
    @Nullable Object resolve(BlobRef reference);
  }

  /** The value with something else in place of each reference; itself where it has none. */
  public static @Nullable Object resolved(@Nullable Object value, Resolver resolver) {
    BlobRef reference = of(value);
    if (reference != null) {
      return resolver.resolve(reference);
    }
    return switch (value) {
      case Map<?, ?> map -> {
        var copy = LinkedHashMap.<String, @Nullable Object>newLinkedHashMap(map.size());
        map.forEach((key, item) -> copy.put(key.toString(), resolved(item, resolver)));
        yield copy.equals(map) ? map : Collections.unmodifiableMap(copy);
      }
      case List<?> list -> {
        var copy = new ArrayList<@Nullable Object>(list.size());
        list.forEach(item -> copy.add(resolved(item, resolver)));
        yield copy.equals(list) ? list : Collections.unmodifiableList(copy);
      }
      case null, default -> value;
    };
  }

  /** The reference as a value. */
  @JsonValue
  public Map<String, @Nullable Object> toValue() {
    var value = new LinkedHashMap<String, @Nullable Object>();
    value.put(FIELD, SCHEME + sha256);
    if (bytes >= 0) {
      value.put("bytes", bytes);
    }
    if (mediaType != null) {
      value.put("mediaType", mediaType);
    }
    return Collections.unmodifiableMap(value);
  }
}
