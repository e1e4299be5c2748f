package dev.holdfast.api;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.ByteArrayBuilder;
import tools.jackson.dataformat.cbor.CBORFactory;

/**
 * Turns bytes into JSON values ({@link JsonValues}) and back. What is read is immutable; an integer
 * is a {@link Long}, any other number a {@link Double}. Thread-safe.
 *
 * <p>Refused are: anything but exactly one value, a key that comes twice in one object, nesting
 * beyond {@link JsonValues#DEPTH_MAX}, integers beyond 64 bits and numbers beyond a double.
 */
public enum ValueFormat {
  /** RFC 8259, UTF-8. */
  JSON,
  /** RFC 8949. */
  CBOR;

  // One level more than values may have, so that it is this class that says what is wrong.
  private static final StreamReadConstraints CONSTRAINTS =
      StreamReadConstraints.builder().maxNestingDepth(JsonValues.DEPTH_MAX + 16).build();

  private static final TokenStreamFactory JSON_FACTORY =
      JsonFactory.builder().streamReadConstraints(CONSTRAINTS).build();
  private static final TokenStreamFactory CBOR_FACTORY =
      CBORFactory.builder().streamReadConstraints(CONSTRAINTS).build();

  private TokenStreamFactory factory() {
    return switch (this) {
      case JSON -> JSON_FACTORY;
      case CBOR -> CBOR_FACTORY;
    };
  }

  /**
   * Reads one value.
   *
   * @throws MalformedValueException when the bytes are not exactly one acceptable value
   */
  public @Nullable Object read(byte[] bytes) {
    try (JsonParser parser = factory().createParser(ObjectReadContext.empty(), bytes)) {
      return readOnly(parser);
    } catch (JacksonException e) {
      throw malformed(e);
    }
  }

  /**
   * Reads one value that is a JSON object.
   *
   * @throws MalformedValueException as {@link #read}, and when it is something else
   */
  @SuppressWarnings("unchecked") // a map among JSON values has strings for keys
  public Map<String, @Nullable Object> readMap(byte[] bytes) {
    if (read(bytes) instanceof Map<?, ?> map) {
      return (Map<String, @Nullable Object>) map;
    }
    throw new MalformedValueException("expected a JSON object");
  }

  /**
   * Reads one value, the stream to its end. Does not close it.
   *
   * @throws MalformedValueException as {@link #read}
   */
  public @Nullable Object read(InputStream in) {
    try (JsonParser parser = factory().createParser(ObjectReadContext.empty(), in)) {
      return readOnly(parser);
    } catch (JacksonException e) {
      throw malformed(e);
    }
  }

  /** The value's bytes. It must consist of JSON values. */
  public byte[] write(@Nullable Object value) {
    try (var out = new ByteArrayBuilder(256)) {
      try (JsonGenerator generator = factory().createGenerator(ObjectWriteContext.empty(), out)) {
        write(generator, value);
      }
      return out.toByteArray();
    }
  }

  /** The value as text; for {@link #JSON}. */
  public String writeText(@Nullable Object value) {
    return new String(write(value), StandardCharsets.UTF_8);
  }

  private static @Nullable Object readOnly(JsonParser parser) {
    JsonToken first = parser.nextToken();
    if (first == null) {
      throw new MalformedValueException("empty: expected a JSON value");
    }
    Object value = readCurrent(parser, JsonValues.DEPTH_MAX);
    if (parser.nextToken() != null) {
      throw new MalformedValueException("more than one JSON value" + at(parser.currentLocation()));
    }
    return value;
  }

  /**
   * Reads the value that begins with the parser's current token and leaves the parser at its last
   * token. For formats in which values are parts of something larger.
   *
   * @throws MalformedValueException when it is not acceptable
   */
  public static @Nullable Object readCurrent(JsonParser parser) {
    return readCurrent(parser, JsonValues.DEPTH_MAX);
  }

  private static @Nullable Object readCurrent(JsonParser parser, int depthLeft) {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case VALUE_NULL -> null;
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> readInteger(parser);
      case VALUE_NUMBER_FLOAT -> readDouble(parser);
      case START_OBJECT -> readMap(parser, depthLeft);
      case START_ARRAY -> readList(parser, depthLeft);
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new MalformedValueException(
              "not a JSON value: " + token + at(parser.currentTokenLocation()));
    };
  }

  private static Long readInteger(JsonParser parser) {
    return switch (parser.getNumberType()) {
      case INT, LONG -> parser.getLongValue();
      case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL ->
          throw new MalformedValueException(
              "integer beyond 64 bits, send it as a string" + at(parser.currentTokenLocation()));
    };
  }

  private static Double readDouble(JsonParser parser) {
    double number = parser.getDoubleValue();
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      throw new MalformedValueException(
          "number beyond a double's range" + at(parser.currentTokenLocation()));
    }
    return number;
  }

  private static Map<String, @Nullable Object> readMap(JsonParser parser, int depthLeft) {
    checkDepth(parser, depthLeft);
    String name = parser.nextName();
    if (name == null) {
      return Map.of();
    }
    parser.nextToken();
    Object value = readCurrent(parser, depthLeft - 1);
    String second = parser.nextName();
    if (second == null && value != null) {
      return Map.of(name, value);
    }
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put(name, value);
    for (String next = second; next != null; next = parser.nextName()) {
      int before = map.size();
      parser.nextToken();
      map.put(next, readCurrent(parser, depthLeft - 1));
      if (map.size() == before) {
        throw new MalformedValueException(
            "key comes twice: " + next + at(parser.currentTokenLocation()));
      }
    }
    return Collections.unmodifiableMap(map);
  }

  private static List<@Nullable Object> readList(JsonParser parser, int depthLeft) {
    checkDepth(parser, depthLeft);
    if (parser.nextToken() == JsonToken.END_ARRAY) {
      return List.of();
    }
    var list = new ArrayList<@Nullable Object>();
    do {
      list.add(readCurrent(parser, depthLeft - 1));
    } while (parser.nextToken() != JsonToken.END_ARRAY);
    list.trimToSize();
    return Collections.unmodifiableList(list);
  }

  private static void checkDepth(JsonParser parser, int depthLeft) {
    if (depthLeft <= 0) {
      throw new MalformedValueException(
          "nested deeper than "
              + JsonValues.DEPTH_MAX
              + " levels"
              + at(parser.currentTokenLocation()));
    }
  }

  /** Writes a JSON value as part of something larger. */
  public static void write(JsonGenerator out, @Nullable Object value) {
    switch (value) {
      case null -> out.writeNull();
      case String s -> out.writeString(s);
      case Boolean b -> out.writeBoolean(b);
      case Long l -> out.writeNumber(l);
      case Double d -> out.writeNumber(d);
      case Map<?, ?> map -> {
        out.writeStartObject(map, map.size());
        for (var entry : map.entrySet()) {
          out.writeName((String) entry.getKey());
          write(out, entry.getValue());
        }
        out.writeEndObject();
      }
      case Collection<?> list -> {
        out.writeStartArray(list, list.size());
        for (Object item : list) {
          write(out, item);
        }
        out.writeEndArray();
      }
      default ->
          throw new IllegalArgumentException("not a JSON value: " + value.getClass().getName());
    }
  }

  private static MalformedValueException malformed(JacksonException e) {
    return new MalformedValueException(e.getOriginalMessage() + at(e.getLocation()), e);
  }

  private static String at(@Nullable TokenStreamLocation where) {
    if (where == null) {
      return "";
    }
    return where.getLineNr() > 0
        ? " (line " + where.getLineNr() + ", column " + where.getColumnNr() + ")"
        : " (byte " + where.getByteOffset() + ")";
  }
}
