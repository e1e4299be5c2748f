package dev.holdfast.testkit;

import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import org.jspecify.annotations.Nullable;

/**
 * Where one task of an execution stands.
 *
 * @param agent the capability that it is routed to; null when no agent carries it out
 * @param attempts how many there were in all, the running one included
 * @param failures of these, how many count against {@code retry.maxAttempts}
 * @param input what its attempts are given; null once it has ended
 * @param output once it is COMPLETED
 * @param error once it has FAILED
 */
public record KitTask(
    String id,
    TaskStatus status,
    @Nullable String agent,
    int attempts,
    int failures,
    @Nullable Object input,
    @Nullable Object output,
    @Nullable TaskError error) {}
