package dev.holdfast.client.wire;

import dev.holdfast.api.JsonValues;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.cbor.CBORFactory;
import tools.jackson.dataformat.cbor.CBORMapper;

/** JSON values by {@link JsonValues} to and from CBOR, without a tree in between. */
final class CborValues {
  /** For what is not on the hot path: records, by their components. */
  static final CBORMapper MAPPER =
      CBORMapper.builder(
              CBORFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(200).build())
                  .build())
          .enable(DeserializationFeature.USE_LONG_FOR_INTS)
          .build();

  /** Levels that a view adds above the values it shows. */
  private static final int VIEW_DEPTH = 16;

  private CborValues() {}

  static void write(JsonGenerator out, @Nullable Object value) {
    switch (value) {
      case null -> out.writeNull();
      case String s -> out.writeString(s);
      case Boolean b -> out.writeBoolean(b);
      case Long l -> out.writeNumber((long) l);
      case Double d -> out.writeNumber((double) d);
      case Map<?, ?> map -> {
        out.writeStartObject(map, map.size());
        map.forEach((name, field) -> {
          out.writeName((String) name);
          write(out, field);
        });
        out.writeEndObject();
      }
      case Collection<?> list -> {
        out.writeStartArray(list, list.size());
        list.forEach(item -> write(out, item));
        out.writeEndArray();
      }
      default ->
          throw new IllegalArgumentException("not a JSON value: " + value.getClass().getName());
    }
  }

  /** Reads the value whose first token is the parser's next. */
  static @Nullable Object readNext(JsonParser in) {
    in.nextToken();
    return read(in, JsonValues.DEPTH_MAX);
  }

  /** Like {@link #readNext}, for a view that has values somewhere inside. */
  static @Nullable Object readNextView(JsonParser in) {
    in.nextToken();
    return read(in, JsonValues.DEPTH_MAX + VIEW_DEPTH);
  }

  private static @Nullable Object read(JsonParser in, int depthLeft) {
    JsonToken token = in.currentToken();
    return switch (token) {
      case VALUE_NULL -> null;
      case VALUE_STRING -> in.getString();
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      case VALUE_NUMBER_INT -> in.getLongValue();
      case VALUE_NUMBER_FLOAT -> in.getDoubleValue();
      case START_OBJECT -> readMap(in, depthLeft);
      case START_ARRAY -> readList(in, depthLeft);
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalArgumentException("not a JSON value: " + token);
    };
  }

  private static Map<String, @Nullable Object> readMap(JsonParser in, int depthLeft) {
    checkDepth(depthLeft);
    var map = new LinkedHashMap<String, @Nullable Object>();
    for (String name = in.nextName(); name != null; name = in.nextName()) {
      in.nextToken();
      map.put(name, read(in, depthLeft - 1));
    }
    return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(map);
  }

  private static List<@Nullable Object> readList(JsonParser in, int depthLeft) {
    checkDepth(depthLeft);
    var list = new ArrayList<@Nullable Object>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      list.add(read(in, depthLeft - 1));
    }
    return list.isEmpty() ? List.of() : Collections.unmodifiableList(list);
  }

  private static void checkDepth(int depthLeft) {
    if (depthLeft <= 0) {
      throw new IllegalArgumentException("nested deeper than " + JsonValues.DEPTH_MAX + " levels");
    }
  }
}
