package dev.holdfast.grid.reach;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.cbor.CBORMapper;

/** Questions and answers between members as bytes: records by their components, as CBOR. */
public final class Wire {
  private static final CBORMapper MAPPER =
      CBORMapper.builder().enable(DeserializationFeature.USE_LONG_FOR_INTS).build();

  private Wire() {}

  /** The record as bytes. */
  public static byte[] write(Object question) {
    return MAPPER.writeValueAsBytes(question);
  }

  /**
   * The record that was written.
   *
   * @throws IllegalArgumentException when the bytes are something else
   */
  public static <T> T read(byte[] bytes, Class<T> type) {
    try {
      return MAPPER.readValue(bytes, type);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not a " + type.getSimpleName(), e);
    }
  }
}
