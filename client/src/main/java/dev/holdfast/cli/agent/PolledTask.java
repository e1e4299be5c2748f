package dev.holdfast.cli.agent;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task as a poll hands it out.
 *
 * @param token names the attempt
 * @param heartbeatMs longest silence allowed, milliseconds; null: none asked for
 */
record PolledTask(
    String token,
    String execution,
    String task,
    String definition,
    int attempt,
    @Nullable Object input,
    Instant deadline,
    @Nullable Long heartbeatMs) {}
