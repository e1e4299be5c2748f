package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.Rejection;
import dev.holdfast.journal.Journal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Takes commands on this member, while it can confirm any, and sends them on their way.
 * Thread-safe.
 */
final class Intake {
  private final Opening opening;
  private final ClusterControl control;
  private final Journal journal;
  private final GridSettings settings;
  private final EngineStats stats;
  private final Submissions submissions;

  Intake(
      Opening opening,
      ClusterControl control,
      Journal journal,
      GridSettings settings,
      EngineStats stats,
      Submissions submissions) {
    this.opening = opening;
    this.control = control;
    this.journal = journal;
    this.settings = settings;
    this.stats = stats;
    this.submissions = submissions;
  }

  /**
   * Runs the command on the execution's owner, or says why none is taken.
   *
   * @param fresh the execution's id is new: the store need not be searched for it
   */
  CompletableFuture<Outcome> submit(ExecutionKey key, Command command, boolean fresh) {
    Rejection refusal = refusal();
    if (refusal != null) {
      stats.rejected(refusal);
      return CompletableFuture.completedFuture(new Outcome.Refused(refusal));
    }
    return submissions.submit(key, asSet(command), fresh);
  }

  /** With what the settings say where the command says nothing. */
  private Command asSet(Command command) {
    return command instanceof Command.PauseExecution pause && pause.autoResumeAfter() == null
        ? new Command.PauseExecution(
            pause.commandId(), pause.mode(), pause.by(), pause.reason(), settings.autoResumeAfter())
        : command;
  }

  private @Nullable Rejection refusal() {
    Optional<Rejection> closed = control.refusal();
    if (!opening.isOpen()) {
      return closed.orElseGet(
          () -> new Rejection(Rejection.Code.UNAVAILABLE, "the member is leaving"));
    }
    if (closed.isPresent()) {
      return closed.get();
    }
    if (!journal.isHealthy()) {
      return new Rejection(
          Rejection.Code.STORE_UNAVAILABLE,
          "the store takes no writes at the moment; nothing was changed, try again");
    }
    if (journal.backlog() > settings.backlogMax()) {
      return new Rejection(
          Rejection.Code.OVERLOADED, "too many changes wait for the store; try again");
    }
    return null;
  }
}
