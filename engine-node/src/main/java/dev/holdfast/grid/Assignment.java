package dev.holdfast.grid;

import dev.holdfast.api.TaskToken;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.ExecutionState;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
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
    long heartbeatMillis) {

  /** Of the attempt that runs on the task. */
  public static Assignment of(ExecutionState state, String task, Attempt attempt) {
    Duration heartbeat = state.plan().task(task).heartbeat();
    return new Assignment(
        new TaskToken(state.key().id(), task, attempt.number(), attempt.nonce()),
        state.key().tenant(),
        state.key().id(),
        task,
        state.plan().name(),
        state.plan().version(),
        attempt.number(),
        attempt.worker(),
        state.task(task).input(),
        Objects.requireNonNullElse(state.task(task).readyAt(), attempt.startedAt()),
        attempt.deadline(),
        heartbeat == null ? 0 : heartbeat.toMillis());
  }
}
