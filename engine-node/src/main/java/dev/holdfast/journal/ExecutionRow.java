package dev.holdfast.journal;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One execution in a list. */
public record ExecutionRow(
    ExecutionKey key,
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
