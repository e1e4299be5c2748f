package dev.holdfast.gateway.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.api.JsonValues;
import dev.holdfast.api.ValueFormat;
import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** The one JSON mapper of the gateway, and writing without data binding where calls are many. */
public final class Json {
  /** A body is an object around a value that may itself be nested as deep as values may be. */
  static final int BODY_DEPTH_MAX = JsonValues.DEPTH_MAX + 1;

  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(BODY_DEPTH_MAX).build())
                  .build())
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .build();

  private Json() {}

  /** Any record of the API as JSON; fields that are null are left out. */
  public static byte[] bytes(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /** What the writer writes. */
  public static byte[] write(Consumer<JsonGenerator> writer) {
    var bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator generator = MAPPER.createGenerator(bytes)) {
      writer.accept(generator);
    }
    return bytes.toByteArray();
  }

  /** Writes a property with a JSON value ({@link JsonValues}), null included. */
  public static void property(JsonGenerator out, String name, @Nullable Object value) {
    out.writeName(name);
    ValueFormat.write(out, value);
  }

  /** Writes a property by its text form unless it is null. */
  public static void text(JsonGenerator out, String name, @Nullable Object value) {
    if (value != null) {
      out.writeStringProperty(name, value.toString());
    }
  }
}
