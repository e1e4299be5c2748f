package dev.holdfast.grid;

import com.hazelcast.map.EntryProcessor;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.Command;
import dev.holdfast.core.Command.StartTask;
import dev.holdfast.core.Decider;
import dev.holdfast.core.Decision;
import dev.holdfast.core.Decision.Accepted;
import dev.holdfast.core.Event;
import dev.holdfast.core.Event.ExecutionStarted;
import dev.holdfast.core.Event.TaskReadied;
import dev.holdfast.core.Event.TaskRequeued;
import dev.holdfast.core.Evolver;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.PlannedTask.AgentTask;
import dev.holdfast.core.Rejection;
import dev.holdfast.grid.dispatch.Reservation;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.codec.EntryEncoder;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One command's way through an execution, on the partition thread of its owner: decide, evolve,
 * hand what became ready to agents that have credit, and set the new state, which sends its events
 * to the journal by way of the map store. The answer is given once all that it rests on is durable.
 *
 * <p>A transition never travels: it is run by the member that owns the key, and what goes to the
 * backup is its events ({@link TransitionBackup}).
 */
final class Transition implements EntryProcessor<String, ExecutionEntry, Void> {
  private static final long serialVersionUID = 1L;

  private static final Rejection NO_QUORUM =
      new Rejection(
          Rejection.Code.NO_QUORUM,
          "the members have not agreed on who goes on since one came or went; nothing was changed,"
              + " try again");

  private final transient MemberServices member;
  private final transient ExecutionKey key;
  private final transient Command command;
  private final transient @Nullable ExecutionEntry stored;
  private final transient CompletableFuture<Outcome> answer;
  private final transient List<Reservation> reservations = new ArrayList<>(2);
  private transient @Nullable TransitionBackup backup;

  /**
   * @param stored the execution as the store has it, for one that has left memory; null: none
   * @param answer completed with what became of the command
   */
  Transition(
      MemberServices member,
      ExecutionKey key,
      Command command,
      @Nullable ExecutionEntry stored,
      CompletableFuture<Outcome> answer) {
    this.member = member;
    this.key = key;
    this.command = command;
    this.stored = stored;
    this.answer = answer;
  }

  @Override
  public Void process(Entry<String, ExecutionEntry> slot) {
    ExecutionEntry inMemory = slot.getValue();
    ExecutionEntry current = inMemory == null ? stored : inMemory;
    ExecutionState state = current == null ? null : current.state();
    long epoch = member.epochs().current();
    if (epoch == Epochs.NONE) {
      answer.complete(new Outcome.Refused(NO_QUORUM));
      return null;
    }
    Instant at = Decider.timeOf(state, member.clock().instant());
    switch (Decider.decide(state, command, at)) {
      case Decision.Rejected rejected ->
          answerOnceDurable(current, new Outcome.Refused(rejected.rejection()));
      case Accepted accepted when accepted.events().isEmpty() ->
          answerOnceDurable(current, new Outcome.Done(existing(state), false));
      case Accepted accepted -> {
        ExecutionEntry next = apply(current, accepted.events(), at, epoch);
        slot.setValue(next);
        answerOnceDurable(next, new Outcome.Done(next.state(), true));
      }
    }
    return null;
  }

  private static ExecutionState existing(@Nullable ExecutionState state) {
    if (state == null) {
      throw new IllegalStateException("a command was accepted without events or execution");
    }
    return state;
  }

  private ExecutionEntry apply(
      @Nullable ExecutionEntry current, List<Event> decided, Instant at, long epoch) {
    ExecutionState state = current == null ? null : current.state();
    ExecutionState next = fold(state, decided, at);
    var events = new ArrayList<Event>(decided);
    if (next.status() == ExecutionStatus.RUNNING) {
      List<Event> starts = handOver(next, decided, at);
      events.addAll(starts);
      next = Evolver.evolve(next, starts, at);
    }
    long fromSeq = state == null ? 1 : state.seq() + 1;
    byte[] previousHash = current == null ? EntryEncoder.genesis() : current.hash();
    JournalEntry entry = EntryEncoder.encode(key, fromSeq, epoch, at, events, previousHash, next);
    JournalEntry.Content content = entry.content();
    backup = new TransitionBackup(key, fromSeq, previousHash, content.payload());
    member.stats().transition(events);
    return new ExecutionEntry(next, content.hash(), entry);
  }

  private ExecutionState fold(@Nullable ExecutionState state, List<Event> events, Instant at) {
    if (state != null) {
      return Evolver.evolve(state, events, at);
    }
    if (!(command instanceof Command.StartExecution start)
        || !(events.getFirst() instanceof ExecutionStarted first)) {
      throw new IllegalStateException(key + " does not begin with its start");
    }
    ExecutionState begun = Evolver.begin(start.plan(), key, first, at);
    return Evolver.evolve(begun, events.subList(1, events.size()), at);
  }

  /** Starts what became ready by these events, as far as agents have places for it. */
  private List<Event> handOver(ExecutionState state, List<Event> decided, Instant at) {
    var starts = new ArrayList<Event>(2);
    for (Event event : decided) {
      String task = becameReady(event);
      if (task != null && state.task(task).status() == TaskStatus.READY) {
        starts.addAll(handOver(state, state.plan().task(task), at));
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
    reservations.forEach(member.dispatcher()::release);
    answer.completeExceptionally(cause);
  }

  @Override
  public @Nullable EntryProcessor<String, ExecutionEntry, Void> getBackupProcessor() {
    return backup;
  }

  private Object writeReplace() throws ObjectStreamException {
    throw new NotSerializableException(
        "a transition runs on the member that owns " + key + " and never travels");
  }
}
