package dev.holdfast.journal.codec;

import dev.holdfast.api.HistoryEvent;
import dev.holdfast.journal.HistoryItem;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Stored events as users of the Java client see them. */
public final class HistoryEvents {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_LONG_FOR_INTS).build();
  private static final TypeReference<LinkedHashMap<String, @Nullable Object>> FIELDS =
      new TypeReference<>() {};

  private HistoryEvents() {}

  /** The event with its own fields by name, but for what is nobody else's business. */
  public static HistoryEvent of(HistoryItem item) {
    Map<String, @Nullable Object> fields = MAPPER.convertValue(item.event(), FIELDS);
    Object by = fields.remove("by");
    // Who knows a token may report under it.
    fields.remove("nonce");
    fields.remove("requestDigest");
    fields.values().removeIf(Objects::isNull);
    return new HistoryEvent(
        item.seq(),
        item.at(),
        item.event().getClass().getSimpleName(),
        by == null ? null : by.toString(),
        fields,
        HexFormat.of().formatHex(item.hash()));
  }
}
