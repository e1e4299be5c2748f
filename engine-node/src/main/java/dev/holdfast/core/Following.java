package dev.holdfast.core;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskError;
import dev.holdfast.core.Command.CancelExecution;
import dev.holdfast.core.Command.FollowParent;
import dev.holdfast.core.Command.PauseExecution;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a child does because its parent wants it. Its own users may want something else as well. */
public final class Following {
  /** Ids of commands that come from a parent begin with this. */
  private static final String COMMAND = "parent/";

  private static final Pattern COMMAND_ID = Pattern.compile(COMMAND + "[0-9]{1,18}");

  private Following() {}

  static Decision follow(ExecutionState state, FollowParent command, Instant now) {
    if (state.header().parent() == null) {
      return Decider.wrongState(state, "is nobody's child");
    }
    if (state.status().isEnded() || state.status() == ExecutionStatus.CANCELLING) {
      return Decider.NOTHING;
    }
    String id = COMMAND + command.seq();
    return switch (command.wish()) {
      case ParentWish.Run(), ParentWish.Release() -> run(state, command, id, now);
      case ParentWish.Pause(var mode, var autoResumeAt) ->
          Pausing.pause(
              state,
              new PauseExecution(id, mode, command.by(), command.reason()),
              autoResumeAt,
              now);
      // A teardown goes on to its end; there is nothing left to cancel.
      case ParentWish.Cancel() when state.closing() != null -> Decider.NOTHING;
      case ParentWish.Cancel() ->
          Cancelling.cancel(state, new CancelExecution(id, command.by(), command.reason()), now);
    };
  }

  /** Ends a pause that is older than the wish, and was the parent's. */
  private static Decision run(ExecutionState state, FollowParent command, String id, Instant now) {
    Pause pause = state.pause();
    if (pause == null || pause.parentSeq() == 0 || pause.parentSeq() >= command.seq()) {
      return Decider.NOTHING;
    }
    var draft = Draft.of(state, now);
    Pausing.resume(draft, id, command.by(), command.reason(), false);
    Graph.settle(draft);
    return draft.accepted();
  }

  /**
   * The parent's number of the wish for a pause; 0: somebody else's, now or before.
   *
   * @param before the pause that was in force already; null: none
   */
  static long wishedBy(String commandId, @Nullable Pause before) {
    if (before != null && before.parentSeq() == 0) {
      return 0;
    }
    if (COMMAND_ID.matcher(commandId).matches()) {
      return Long.parseLong(commandId.substring(COMMAND.length()));
    }
    return before == null ? 0 : before.parentSeq();
  }

  /** What a child has to tell its parent as it is; empty: nothing yet. */
  public static Optional<ChildReport> report(ExecutionState child) {
    return switch (child.status()) {
      case RUNNING, PAUSING, CANCELLING -> Optional.empty();
      case PAUSED -> Optional.of(new ChildReport.Paused());
      case COMPLETED -> Optional.of(new ChildReport.Completed(child.output()));
      case FAILED, TIMED_OUT -> Optional.of(new ChildReport.Failed(failure(child)));
      case CANCELLED -> {
        String message = "execution %s was cancelled".formatted(child.key().id());
        yield Optional.of(
            new ChildReport.Failed(new TaskError(ErrorTypes.CHILD_CANCELLED, message)));
      }
    };
  }

  private static TaskError failure(ExecutionState child) {
    TaskError error = child.error();
    String id = child.key().id();
    return error == null
        ? new TaskError(ErrorTypes.WORKFLOW_TIMEOUT, "execution %s timed out".formatted(id))
        : new TaskError(
            error.type(), "execution %s: %s".formatted(id, error.message()), error.details());
  }
}
