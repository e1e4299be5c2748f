package dev.holdfast.grid.kin;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.TaskError;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.ParentLink;
import dev.holdfast.core.Rejection;
import dev.holdfast.grid.Outcome;
import dev.holdfast.grid.dispatch.CommandSink;
import dev.holdfast.journal.StoreException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Commands and questions to executions wherever they are, waited for. Thread-safe. */
public final class Talk {
  /** Longer than any command takes to be given up. */
  private static final long PATIENCE_SECONDS = 120;

  private final CommandSink commands;
  private final Function<ExecutionKey, Optional<ExecutionState>> find;
  private final BiFunction<ExecutionKey, ParentLink, Optional<Command.FollowParent>> wishes;

  /**
   * @param find gives an execution as it is durably, wherever it is; blocks
   * @param wishes says what a parent wants of a child, wherever it is; blocks
   */
  public Talk(
      CommandSink commands,
      Function<ExecutionKey, Optional<ExecutionState>> find,
      BiFunction<ExecutionKey, ParentLink, Optional<Command.FollowParent>> wishes) {
    this.commands = commands;
    this.find = find;
    this.wishes = wishes;
  }

  /** What came of a command. */
  sealed interface Answer {}

  /** It holds, and the execution is so now. */
  record Is(ExecutionState state) implements Answer {}

  /** It is refused, and would be for ever. */
  record Refused(String why) implements Answer {}

  /** It can't be begun now: all slots of its concurrency key are taken. */
  record Full(String why) implements Answer {}

  /** There is no such execution. */
  record Unknown() implements Answer {}

  /** There can be none, and no other attempt would find it otherwise. */
  record Never(TaskError error) implements Answer {}

  /**
   * Sends the command and waits for its outcome.
   *
   * @throws StoreException when it is not known, or the refusal will pass: try again
   */
  Answer tell(ExecutionKey key, Command command) throws InterruptedException {
    Outcome outcome;
    try {
      outcome = commands.submit(key, command).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new StoreException("nobody says what became of a command on " + key, e);
    }
    return switch (outcome) {
      case Outcome.Done done -> new Is(done.state());
      case Outcome.Refused refused -> answer(key, refused.rejection());
    };
  }

  private static Answer answer(ExecutionKey key, Rejection rejection) {
    return switch (rejection.code()) {
      case EXECUTION_NOT_FOUND -> new Unknown();
      case STORE_UNAVAILABLE, NO_QUORUM, UNAVAILABLE, OVERLOADED ->
          throw new StoreException(key + " takes no commands: " + rejection.message());
      case CONCURRENCY_LIMIT -> new Full(rejection.message());
      case INVALID_CONCURRENCY_KEY,
          ID_CONFLICT,
          TASK_NOT_FOUND,
          STALE_ATTEMPT,
          WRONG_STATE,
          RESUME_REFUSED,
          TASK_NOT_READY,
          INVALID_SPAWN,
          NOT_AWAITING_APPROVAL,
          NOT_AN_APPROVER,
          UNKNOWN_REFERENCE,
          LIMIT_EXCEEDED ->
          new Refused(rejection.message());
    };
  }

  /** The execution as it is durably; empty: there is none. */
  Optional<ExecutionState> find(ExecutionKey key) {
    return find.apply(key);
  }

  /** What a parent wants of its child; empty: there is no such parent any more. */
  Optional<Command.FollowParent> wish(ExecutionKey parent, ParentLink link) {
    return wishes.apply(parent, link);
  }
}
