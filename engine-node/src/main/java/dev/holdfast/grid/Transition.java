package dev.holdfast.grid;

import com.hazelcast.core.IndeterminateOperationStateException;
import com.hazelcast.map.EntryProcessor;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.Command;
import dev.holdfast.core.Command.GrantSlot;
import dev.holdfast.core.Command.StartTask;
import dev.holdfast.core.Decider;
import dev.holdfast.core.Decision;
import dev.holdfast.core.Decision.Accepted;
import dev.holdfast.core.Event;
import dev.holdfast.core.Event.TaskReadied;
import dev.holdfast.core.Event.TaskRequeued;
import dev.holdfast.core.Evolver;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.PlannedTask.AgentTask;
import dev.holdfast.core.Rejection;
import dev.holdfast.core.Step;
import dev.holdfast.core.Turn;
import dev.holdfast.core.slot.Claim;
import dev.holdfast.grid.dispatch.Reservation;
import dev.holdfast.grid.slot.Reserved;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.codec.EntryEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One command's way through an execution, on the partition thread of its owner: decide, evolve,
 * hand what became ready to agents that have credit, and set the new state, which sends its events
 * to the journal by way of the map store. The answer is given once all that it rests on is durable.
 *
 * <p>A transition never travels: it is run by the member that owns the key, and what goes to the
 * backup is its events ({@link TransitionBackup}).
 */
final class Transition extends LocalProcessor<ExecutionEntry> {
  private static final long serialVersionUID = 1L;

  static final Rejection NO_QUORUM =
      new Rejection(
          Rejection.Code.NO_QUORUM,
          "the members have not agreed on who goes on since one came or went; nothing was changed,"
              + " try again");

  private final transient MemberServices member;
  private final transient ExecutionKey key;
  private final transient int partition;
  private final transient Command command;
  private final transient @Nullable ExecutionEntry stored;
  private final transient @Nullable Reserved slot;
  private final transient CompletableFuture<Outcome> answer;
  private final transient List<Reservation> reservations = new ArrayList<>(2);
  private transient @Nullable EntryProcessor<String, ExecutionEntry, Void> backup;

  /**
   * @param partition that the key is in
   * @param stored the execution as the store has it, for one that has left memory; null: none
   * @param slot that an execution which begins is to have; null: none was reserved
   * @param answer completed with what became of the command
   */
  Transition(
      MemberServices member,
      ExecutionKey key,
      int partition,
      Command command,
      @Nullable ExecutionEntry stored,
      @Nullable Reserved slot,
      CompletableFuture<Outcome> answer) {
    this.member = member;
    this.key = key;
    this.partition = partition;
    this.command = command;
    this.stored = stored;
    this.slot = slot;
    this.answer = answer;
  }

  @Override
  public @Nullable Void process(Entry<String, ExecutionEntry> place) {
    long epoch = member.epochs().current();
    if (epoch == Epochs.NONE || (slot != null && slot.epoch() != epoch)) {
      answer.complete(new Outcome.Refused(NO_QUORUM));
      return null;
    }
    if (command instanceof GrantSlot grant && grant.epoch() != epoch) {
      answer.complete(new Outcome.Refused(overtaken(grant, epoch)));
      return null;
    }
    ExecutionEntry inMemory = place.getValue();
    if (inMemory != null && member.replication().isFenced(inMemory.last())) {
      answer.complete(new Outcome.Refused(outdated(key)));
      return null;
    }
    ExecutionEntry current = inMemory == null ? stored : inMemory;
    ExecutionState state = current == null ? null : current.state();
    switch (withSlot(Step.of(state, command, member.clock().instant()))) {
      case Step.Refused(var rejection) ->
          answerOnceDurable(settled(place, current, epoch), new Outcome.Refused(rejection));
      case Step.Unchanged(var same) ->
          answerOnceDurable(settled(place, current, epoch), new Outcome.Done(same, false));
      case Step.Changed changed when !isClaimed(state, changed.after(), epoch) ->
          answer.complete(new Outcome.Refused(NO_QUORUM));
      case Step.Changed changed -> {
        ExecutionEntry next = apply(current, changed, epoch);
        place.setValue(next);
        answerOnceDurable(next, new Outcome.Done(next.state(), true));
      }
    }
    return null;
  }

  private static Rejection overtaken(GrantSlot grant, long epoch) {
    return new Rejection(
        Rejection.Code.WRONG_STATE,
        "slots were counted under epoch %d, and it is %d by now".formatted(grant.epoch(), epoch));
  }

  /** What begins with the slot that was reserved for it has it at once. */
  private Step withSlot(Step step) {
    if (slot == null
        || !(step instanceof Step.Changed(var events, var at, var after))
        || !after.waitsForSlot()) {
      return step;
    }
    if (!Claim.keyOf(after).equals(slot.key())) {
      return new Step.Refused(
          new Rejection(
              Rejection.Code.UNAVAILABLE,
              "its concurrency key has changed since a slot was reserved for it; try again"));
    }
    var grant = new GrantSlot(slot.epoch(), after.seq());
    if (!(Step.of(after, grant, at) instanceof Step.Changed(var more, _, var with))) {
      throw new IllegalStateException(key + " waits for a slot and takes none");
    }
    return new Step.Changed(Stream.concat(events.stream(), more.stream()).toList(), at, with);
  }

  /** Those who give out slots know of the execution, if it is one of theirs, before it is set. */
  private boolean isClaimed(@Nullable ExecutionState before, ExecutionState after, long epoch) {
    return after.slot() == null || member.claims().applied(before, after, epoch);
  }

  private static Rejection outdated(ExecutionKey key) {
    return new Rejection(
        Rejection.Code.UNAVAILABLE,
        key + " is being read again, since its copy here was outdated; try again");
  }

  /** What an answer may rest on that changes nothing. */
  private @Nullable ExecutionEntry settled(
      Entry<String, ExecutionEntry> place, @Nullable ExecutionEntry current, long epoch) {
    if (current == null || member.replication().isSettled(current.last())) {
      return current;
    }
    ExecutionEntry settled = member.replication().settled(member.journal(), current, epoch);
    if (settled != current) {
      place.setValue(settled);
      backup = Restatement.of(settled, epoch, member.replication().self());
    }
    return settled;
  }

  private ExecutionEntry apply(@Nullable ExecutionEntry current, Step.Changed step, long epoch) {
    ExecutionState state = current == null ? null : current.state();
    Instant at = step.at();
    ExecutionState next = step.after();
    var events = new ArrayList<Event>(step.events());
    List<Event> starts = handOver(next, step.events(), at);
    if (!starts.isEmpty()) {
      events.addAll(starts);
      next = Evolver.evolve(next, starts, at);
    }
    long fromSeq = state == null ? 1 : state.seq() + 1;
    byte[] previousHash = current == null ? EntryEncoder.genesis() : current.hash();
    JournalEntry.Content content =
        EntryEncoder.content(key, fromSeq, epoch, at, events, previousHash, next);
    Replication replication = member.replication();
    JournalEntry entry = replication.decided(member.journal(), current, content);
    var applied = new ExecutionEntry(next, content.hash(), entry);
    if (replication.durability() == Durability.ALONE) {
      backup = null;
    } else if (current != null && current == stored) {
      // It had left memory, on the backup too.
      backup = Restatement.of(applied, epoch, replication.self());
    } else {
      var origin = new JournalEntry.Origin(replication.self(), entry.id());
      backup = new TransitionBackup(key, fromSeq, previousHash, content.payload(), origin);
    }
    member.stats().transition(events);
    member.live().changed(partition, state, next);
    return applied;
  }

  /** Starts what became ready by these events, as far as agents have places for it. */
  private List<Event> handOver(ExecutionState state, List<Event> decided, Instant at) {
    var starts = new ArrayList<Event>(2);
    for (Event event : decided) {
      String task = becameReady(event);
      if (task != null && state.task(task).status() == TaskStatus.READY) {
        PlannedTask planned = state.plan().task(task);
        if (Turn.isOf(state, planned.index())) {
          starts.addAll(handOver(state, planned, at));
        }
      }
    }
    return starts;
  }

  private List<Event> handOver(ExecutionState state, PlannedTask task, Instant at) {
    Reservation reservation =
        task.kind() instanceof AgentTask kind
            ? member.dispatcher().reserve(key.tenant(), kind)
            : null;
    if (reservation == null) {
      return List.of();
    }
    var start = new StartTask(task.id(), reservation.nonce(), reservation.worker());
    return switch (Decider.decide(state, start, at)) {
      case Accepted accepted -> {
        reservations.add(reservation);
        yield accepted.events();
      }
      case Decision.Rejected _ -> {
        member.dispatcher().release(reservation);
        yield List.of();
      }
    };
  }

  private static @Nullable String becameReady(Event event) {
    if (event instanceof TaskReadied readied) {
      return readied.task();
    }
    return event instanceof TaskRequeued requeued ? requeued.task() : null;
  }

  /** The outcome rests on what is in memory, which is told to nobody before the disk has it. */
  private void answerOnceDurable(@Nullable ExecutionEntry entry, Outcome outcome) {
    if (entry == null) {
      answer.complete(outcome);
      return;
    }
    entry
        .last()
        .whenDurable()
        .whenComplete((durable, error) -> {
          if (error == null) {
            answer.complete(outcome);
          } else {
            fail(error);
          }
        });
  }

  /** It did not take effect, or not surely: gives back what was put aside and tells the caller. */
  void fail(Throwable cause) {
    if (cause instanceof IndeterminateOperationStateException
        && member.replication().durability() == Durability.TWO_DISKS) {
      // The backup's disk says whether it holds, or the command's time runs out.
      return;
    }
    reservations.forEach(member.dispatcher()::release);
    answer.completeExceptionally(cause);
  }

  @Override
  public @Nullable EntryProcessor<String, ExecutionEntry, Void> getBackupProcessor() {
    return backup;
  }
}
