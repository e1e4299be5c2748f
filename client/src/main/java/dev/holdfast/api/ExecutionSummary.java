package dev.holdfast.api;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One execution in a list.
 *
 * @param error why it failed, in one line
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
