package dev.holdfast.grid;

import dev.holdfast.api.TaskToken;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task that was handed over, durably.
 *
 * @param worker name of who was given it
 * @param readyAt when the task became ready, to the microsecond or better
 * @param deadline when the attempt times out
 * @param heartbeatMillis longest silence allowed; 0: none asked for
 */
public record Assignment(
    TaskToken token,
    String tenant,
    String execution,
    String task,
    String definition,
    int version,
    int attempt,
    String worker,
    @Nullable Object input,
    Instant readyAt,
    Instant deadline,
    long heartbeatMillis) {}
