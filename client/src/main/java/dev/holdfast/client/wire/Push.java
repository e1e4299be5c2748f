package dev.holdfast.client.wire;

import dev.holdfast.api.ExecutionResult;
import dev.holdfast.api.TaskToken;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a member tells a client unasked. Best effort: beats and re-checks make up for a loss. */
public sealed interface Push {
  /** The session is open and pushes of this member arrive. */
  record Opened(long session) implements Push {}

  /**
   * Tasks for an agent.
   *
   * @param first number of the first one, counted from the session's opening, from 1; the others
   *     follow without gaps
   */
  record Assigned(long session, long first, List<Task> tasks) implements Push {}

  /**
   * @param readyAtMicros when the task became ready, microseconds since 1970
   * @param deadlineMillis when the attempt times out, milliseconds since 1970
   * @param heartbeatMillis longest silence allowed; 0: none asked for
   */
  record Task(
      TaskToken token,
      String definition,
      int version,
      @Nullable Object input,
      long readyAtMicros,
      long deadlineMillis,
      long heartbeatMillis) {}

  /** Attempts that were taken back. */
  record Revoked(long session, List<TaskToken> tokens) implements Push {}

  /**
   * Tasks wait at the member because the session has no credit left there. Said when that begins
   * and from time to time while it lasts; 0: credit is left again.
   */
  record Wanted(long session, int tasks) implements Push {}

  /**
   * The member has taken over running attempts from another one and needs to know who has them:
   * every agent of the client says at once what it runs.
   */
  record RollCall(UUID member) implements Push {}

  /** A watched execution has ended. */
  record Ended(ExecutionResult result) implements Push {}
}
