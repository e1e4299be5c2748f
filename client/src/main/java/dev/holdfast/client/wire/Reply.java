package dev.holdfast.client.wire;

import dev.holdfast.api.DefinitionProblem;
import dev.holdfast.api.ExecutionResult;
import dev.holdfast.api.ResumeReason;
import dev.holdfast.api.TaskToken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A member's answer to one {@link Request}. */
public sealed interface Reply {
  /**
   * It holds, durably.
   *
   * @param changed false: it was a repeat, or there was nothing to do
   */
  record Done(boolean changed) implements Reply {
    public static final Done CHANGED = new Done(true);
    public static final Done UNCHANGED = new Done(false);
  }

  /**
   * It was refused.
   *
   * @param code as in the HTTP API
   * @param problems of a definition
   * @param reasons for which an execution was not resumed
   */
  record Refused(
      String code, String message, List<DefinitionProblem> problems, List<ResumeReason> reasons)
      implements Reply {
    /** The member does not know the agent's session: it restarted, or the connection was lost. */
    public static final String UNKNOWN_SESSION = "unknown-session";

    /** The store did not confirm in time: it may hold or not, and may be repeated. */
    public static final String OUTCOME_UNKNOWN = "outcome-unknown";

    public Refused(String code, String message) {
      this(code, message, List.of(), List.of());
    }

    public Refused(String code, String message, List<DefinitionProblem> problems) {
      this(code, message, problems, List.of());
    }

    /** Whether the same request may well succeed a moment later. */
    public boolean isTransient() {
      return switch (code) {
        case "store-unavailable", "no-quorum", "unavailable", "overloaded", OUTCOME_UNKNOWN -> true;
        default -> false;
      };
    }

    /** Whether there is too much to do for it, so that asking often would not help. */
    public boolean isForWantOfRoom() {
      return code.equals("overloaded") || code.equals("store-unavailable");
    }
  }

  /** What was asked for: anything that Jackson writes; a plain JSON value after reading. */
  record Body(@Nullable Object value) implements Reply {}

  /** The execution has ended. */
  record Ended(ExecutionResult result) implements Reply {}

  /**
   * A beat was taken.
   *
   * @param assigned how many tasks the session has been assigned in all
   * @param wanted tasks that wait because the session has no credit left; see {@link Push.Wanted}
   * @param stop those that the agent named and should stop
   */
  record BeatSeen(long assigned, int wanted, List<TaskToken> stop) implements Reply {}

  /**
   * The answer to {@link Request.Recall}.
   *
   * @param credits how much credit the session had left and has no more
   */
  record Recalled(int credits) implements Reply {}
}
