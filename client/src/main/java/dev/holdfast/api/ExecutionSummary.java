package dev.holdfast.api;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One execution in a list. In JSON, fields that are null are left out.
 *
 * @param version of the definition, from 1
 * @param session what it was started with; null: nothing
 * @param priority 0 to 9, of its tasks that have none of their own
 * @param updatedAt when the newest event was
 * @param endedAt null: it has not ended
 * @param error why it failed, in one line; null: it did not
 */
public record ExecutionSummary(
    String id,
    String definition,
    int version,
    ExecutionStatus status,
    @Nullable String session,
    Map<String, String> attributes,
    int priority,
    Instant startedAt,
    Instant updatedAt,
    @Nullable Instant endedAt,
    @Nullable String error) {}
