package dev.holdfast.api;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What applications hand over, records for example, as JSON values ({@link JsonValues}). */
public final class JsonConversion {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_LONG_FOR_INTS).build();

  private JsonConversion() {}

  /**
   * The value as it is if it is a JSON value, else what Jackson makes of it.
   *
   * @throws IllegalArgumentException when Jackson can't write it as JSON either, or it is nested
   *     too deep
   */
  public static @Nullable Object of(@Nullable Object value) {
    try {
      return JsonValues.immutable(value);
    } catch (IllegalArgumentException notPlain) {
      return converted(value, notPlain);
    }
  }

  private static @Nullable Object converted(
      @Nullable Object value, IllegalArgumentException notPlain) {
    try {
      return JsonValues.immutable(MAPPER.convertValue(value, Object.class));
    } catch (JacksonException e) {
      e.addSuppressed(notPlain);
      throw new IllegalArgumentException("can't be written as JSON: " + e.getOriginalMessage(), e);
    }
  }
}
