package dev.holdfast.cli.http;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON as the command line reads and prints it. */
public final class Json {
  private static final JsonMapper COMPACT =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_LONG_FOR_INTS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();
  private static final JsonMapper PRETTY =
      COMPACT.rebuild().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final TypeReference<Map<String, @Nullable Object>> OBJECT =
      new TypeReference<>() {};

  private Json() {}

  /**
   * @throws IllegalArgumentException when the text is not one JSON value
   */
  public static @Nullable Object value(String text) {
    try {
      return COMPACT.readValue(text, Object.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * @throws IllegalArgumentException when the text is not one JSON object
   */
  public static Map<String, @Nullable Object> object(String text) {
    try {
      return COMPACT.readValue(text, OBJECT);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not a JSON object: " + e.getOriginalMessage(), e);
    }
  }

  /** A JSON object as a record. */
  public static <T> T as(Map<String, @Nullable Object> object, Class<T> type) {
    return COMPACT.convertValue(object, type);
  }

  /** In one line. */
  public static String line(@Nullable Object value) {
    return COMPACT.writeValueAsString(value);
  }

  /** Indented. */
  public static String pretty(@Nullable Object value) {
    return PRETTY.writeValueAsString(value);
  }
}
