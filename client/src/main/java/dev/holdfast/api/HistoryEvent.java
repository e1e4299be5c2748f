package dev.holdfast.api;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event of an execution's history.
 *
 * @param seq from 1, without gaps
 * @param type such as {@code TaskCompleted}
 * @param by who caused it; null where nobody did
 * @param fields the event's own fields, by name
 * @param hash SHA-256 over the hash before and this event, hex: the audit chain
 */
public record HistoryEvent(
    long seq,
    Instant at,
    String type,
    @Nullable String by,
    Map<String, @Nullable Object> fields,
    String hash) {}
