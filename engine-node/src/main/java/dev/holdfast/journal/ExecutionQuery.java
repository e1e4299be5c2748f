package dev.holdfast.journal;

import dev.holdfast.api.ExecutionStatus;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which executions to list, newest first.
 *
 * @param attributes all of these
 * @param from started at or after
 * @param to started before
 * @param limit 1 to {@code Limits.PAGE_MAX}
 * @param cursor the {@code nextCursor} of the page before; null: from the newest
 */
public record ExecutionQuery(
    String tenant,
    @Nullable ExecutionStatus status,
    @Nullable String definition,
    @Nullable String session,
    Map<String, String> attributes,
    @Nullable Instant from,
    @Nullable Instant to,
    int limit,
    @Nullable String cursor) {}
