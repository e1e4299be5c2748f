package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.LargeData;
import dev.holdfast.core.Rejection;
import dev.holdfast.core.ScheduleCommand;
import dev.holdfast.core.slot.SlotWish;
import dev.holdfast.grid.blob.Blobs;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.grid.slot.Reserved;
import dev.holdfast.grid.slot.Slots;
import dev.holdfast.journal.DamagedException;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.PlanResolver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The way of commands to the owner of their execution, wherever that is, and of their outcomes
 * back. While ownership moves a command is sent again: each can be repeated harmlessly.
 * Thread-safe.
 */
final class Submissions {
  private final MemberServices member;
  private final Replicas replicas;
  private final Peers peers;
  private final OwnerThread owner;
  private final Lookups lookups;
  private final Archive store;
  private final PlanResolver plans;
  private final Blobs blobs;
  private final Duration timeout;
  private final Admission admission;
  private final ResumeChecks checks;
  private final Slots slots;

  /**
   * @param timeout of a command, after which its outcome is not known
   * @param admission says which new executions are not begun
   * @param checks say which executions don't go on after a pause
   */
  Submissions(
      MemberServices member,
      Replicas replicas,
      Peers peers,
      OwnerThread owner,
      Lookups lookups,
      Archive store,
      PlanResolver plans,
      Blobs blobs,
      Duration timeout,
      Admission admission,
      ResumeChecks checks,
      Slots slots) {
    this.slots = slots;
    this.admission = admission;
    this.checks = checks;
    this.member = member;
    this.replicas = replicas;
    this.peers = peers;
    this.owner = owner;
    this.lookups = lookups;
    this.store = store;
    this.plans = plans;
    this.blobs = blobs;
    this.timeout = timeout;
  }

  /** Takes what other members forward from now on. */
  void serve() {
    peers.serve(PeerOp.COMMAND, (from, body) -> commanded(body));
  }

  private byte[] commanded(byte[] body) {
    CommandCodec.Addressed one = CommandCodec.decode(body, plans);
    if (!replicas.isOwned(one.key())) {
      throw new MovedException(one.key() + " is not owned by this member");
    }
    return CommandCodec.encode(lookups.await(here(one.key(), one.command(), one.fresh())));
  }

  /**
   * Runs the command on the execution's owner.
   *
   * @param fresh the execution's id is new: the store need not be searched for it
   */
  CompletableFuture<Outcome> submit(ExecutionKey key, Command command, boolean fresh) {
    CompletableFuture<Outcome> outcome =
        isInternal(command) ? internally(key, command) : withItsBlobs(key, command, fresh);
    return counted(command, outcome)
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(error -> CompletableFuture.failedFuture(toCaller(error)));
  }

  /** What the command refers to is known to be used by its execution before anything says so. */
  private CompletableFuture<Outcome> withItsBlobs(
      ExecutionKey key, Command command, boolean fresh) {
    List<LargeData.Reference> references = LargeData.of(command);
    if (references.isEmpty()) {
      return fromAnywhere(key, command, fresh);
    }
    return CompletableFuture.supplyAsync(
            () -> Optional.ofNullable(blobs.use(key, references)), Thread::startVirtualThread)
        .thenCompose(refusal ->
            refusal.isPresent()
                ? CompletableFuture.completedFuture(new Outcome.Refused(refusal.get()))
                : fromAnywhere(key, command, fresh));
  }

  private CompletableFuture<Outcome> fromAnywhere(
      ExecutionKey key, Command command, boolean fresh) {
    Durability durability = member.replication().durability();
    return member.replication().isReplicated()
        ? new Resubmission(
                () -> once(key, command, fresh), timeout, durability == Durability.SHARED_STORE)
            .outcome()
        : here(key, command, fresh);
  }

  /** Whatever came between the command and its outcome, the caller can't tell and may repeat it. */
  private static Throwable toCaller(Throwable error) {
    Throwable cause = Resubmission.unwrap(error);
    if (Resubmission.isPassing(cause)) {
      var unknown = new TimeoutException("the outcome is not known: " + cause.getMessage());
      unknown.initCause(cause);
      return unknown;
    }
    return cause;
  }

  /** Of the member that owns the execution, about what it has derived from it. */
  private static boolean isInternal(Command command) {
    return switch (command) {
      case Command.StartTask c -> true;
      case Command.LoseLease c -> true;
      case Command.FireTimers c -> true;
      case Command.StartChild c -> true;
      case ScheduleCommand.BeginFiring c -> true;
      case ScheduleCommand.SetSchedule c -> false;
      case ScheduleCommand.SwitchSchedule c -> false;
      case Command.StartExecution c -> false;
      case Command.TellOfChild c -> false;
      case Command.FollowParent c -> false;
      case Command.CompleteTask c -> false;
      case Command.FailTask c -> false;
      case Command.PauseExecution c -> false;
      case Command.ResumeExecution c -> false;
      case Command.CancelExecution c -> false;
      case Command.RetryExecution c -> false;
      case Command.GrantSlot c -> false;
      case Command.DecideApproval c -> false;
      case Command.SendSignal c -> false;
    };
  }

  private CompletableFuture<Outcome> internally(ExecutionKey key, Command command) {
    if (!replicas.isOwned(key)) {
      return refused(Rejection.Code.EXECUTION_NOT_FOUND, key + " is another member's by now");
    }
    return run(key, command, null);
  }

  private static CompletableFuture<Outcome> refused(Rejection.Code code, String why) {
    return CompletableFuture.completedFuture(new Outcome.Refused(new Rejection(code, why)));
  }

  private CompletableFuture<Outcome> once(ExecutionKey key, Command command, boolean fresh) {
    if (replicas.isOwned(key)) {
      return here(key, command, fresh);
    }
    return peers
        .askOwner(key.text(), PeerOp.COMMAND, CommandCodec.encode(key, command, fresh))
        .thenApply(answer -> CommandCodec.decodeOutcome(answer, plans));
  }

  private CompletableFuture<Outcome> here(ExecutionKey key, Command command, boolean fresh) {
    if (command instanceof Command.ResumeExecution resume) {
      return resume(key, resume);
    }
    if (command instanceof ScheduleCommand.SetSchedule) {
      return runOnKnown(key, command);
    }
    if (command instanceof Command.RetryExecution) {
      return retry(key, command);
    }
    if (!(command instanceof Command.StartExecution)) {
      return runHere(key, command);
    }
    return fresh ? begin(key, command) : runOnKnown(key, command);
  }

  private CompletableFuture<Outcome> runHere(ExecutionKey key, Command command) {
    return run(key, command, null).thenCompose(first -> orOnStored(key, command, first));
  }

  private CompletableFuture<Outcome> resume(ExecutionKey key, Command.ResumeExecution command) {
    if (member.epochs().current() == Epochs.NONE) {
      return CompletableFuture.completedFuture(new Outcome.Refused(Transition.NO_QUORUM));
    }
    return CompletableFuture.supplyAsync(
            () -> Optional.ofNullable(refusal(key, command)), Thread::startVirtualThread)
        .thenCompose(refusal ->
            refusal.isPresent()
                ? CompletableFuture.completedFuture(new Outcome.Refused(refusal.get()))
                : runHere(key, command));
  }

  private @Nullable Rejection refusal(ExecutionKey key, Command.ResumeExecution command) {
    try {
      // One that has ended, or never was, is for the command itself to refuse.
      return lookups.here(key).map(entry -> checks.refusal(entry, command)).orElse(null);
    } catch (DamagedException e) {
      return ResumeChecks.refused(key, e);
    }
  }

  /**
   * Runs what begins an execution whose id may have been used before: of an execution that is not
   * in memory, that is for the store to say.
   */
  private CompletableFuture<Outcome> runOnKnown(ExecutionKey key, Command command) {
    if (member.epochs().current() == Epochs.NONE) {
      return CompletableFuture.completedFuture(new Outcome.Refused(Transition.NO_QUORUM));
    }
    return owner
        .inspect(key)
        .thenComposeAsync(
            entry -> {
              ExecutionEntry stored = entry == null ? stored(key) : null;
              // A repeat of a start that was taken is answered, however long the queues are.
              return entry == null && stored == null
                  ? begin(key, command)
                  : run(key, command, stored);
            },
            Thread::startVirtualThread);
  }

  private CompletableFuture<Outcome> begin(ExecutionKey key, Command command) {
    Rejection refusal =
        command instanceof Command.StartExecution start ? admission.refusal(start) : null;
    return refusal == null
        ? withSlot(key, command, null, null)
        : CompletableFuture.completedFuture(new Outcome.Refused(refusal));
  }

  /** A retry of what may not wait for a slot of its concurrency key needs to be given one first. */
  private CompletableFuture<Outcome> retry(ExecutionKey key, Command command) {
    return owner
        .inspect(key)
        .thenComposeAsync(
            entry -> {
              ExecutionEntry stored = entry == null ? stored(key) : null;
              ExecutionEntry known = entry == null ? stored : entry;
              return withSlot(key, command, stored, known == null ? null : known.state());
            },
            Thread::startVirtualThread)
        .thenCompose(first -> orOnStored(key, command, first));
  }

  /** Runs the command with a slot where the execution does not go on without one. */
  private CompletableFuture<Outcome> withSlot(
      ExecutionKey key,
      Command command,
      @Nullable ExecutionEntry stored,
      @Nullable ExecutionState before) {
    return SlotWish.of(before, command, member.clock().instant())
        .map(wish -> slots.withSlot(wish, reserved -> run(key, command, stored, reserved)))
        .orElseGet(() -> run(key, command, stored));
  }

  private @Nullable ExecutionEntry stored(ExecutionKey key) {
    return store.loadToGoOn(key, plans).orElse(null);
  }

  /** An execution that has left memory may still have an answer to the command. */
  private CompletableFuture<Outcome> orOnStored(ExecutionKey key, Command command, Outcome first) {
    if (!(first instanceof Outcome.Refused refused)
        || refused.rejection().code() != Rejection.Code.EXECUTION_NOT_FOUND) {
      return CompletableFuture.completedFuture(first);
    }
    return CompletableFuture.supplyAsync(
            () -> store.loadToGoOn(key, plans), Thread::startVirtualThread)
        .thenCompose(stored ->
            stored.isEmpty()
                ? CompletableFuture.completedFuture(first)
                : run(key, command, stored.get()));
  }

  private CompletableFuture<Outcome> run(
      ExecutionKey key, Command command, @Nullable ExecutionEntry stored) {
    return run(key, command, stored, null);
  }

  private CompletableFuture<Outcome> run(
      ExecutionKey key, Command command, @Nullable ExecutionEntry stored, @Nullable Reserved slot) {
    var answer = new CompletableFuture<Outcome>();
    int partition = replicas.partitionOf(key.text());
    var transition = new Transition(member, key, partition, command, stored, slot, answer);
    CompletableFuture<?> applied = owner.run(key, transition, transition::fail);
    if (member.replication().durability() != Durability.SHARED_STORE) {
      return answer;
    }
    // The backup has it too, or an exception says that this is not known.
    return answer.thenCombine(applied, (outcome, unused) -> outcome);
  }

  private CompletableFuture<Outcome> counted(Command command, CompletableFuture<Outcome> outcome) {
    return outcome.whenComplete((result, error) -> {
      switch (result) {
        case Outcome.Done done -> member.stats().accepted(command);
        case Outcome.Refused refused -> member.stats().rejected(refused.rejection());
        case null -> member.stats().failed();
      }
    });
  }
}
