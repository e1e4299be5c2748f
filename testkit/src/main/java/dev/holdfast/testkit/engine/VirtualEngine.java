package dev.holdfast.testkit.engine;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.Effect;
import dev.holdfast.core.Effects;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Plan;
import dev.holdfast.core.Rejection;
import dev.holdfast.core.Schedule;
import dev.holdfast.core.Step;
import dev.holdfast.core.Timers;
import dev.holdfast.core.slot.SlotWish;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The shell around the core, in one thread: takes commands, writes down what follows, and does what
 * that entails. Only time is not real.
 */
public final class VirtualEngine {
  private record Alarm(ExecutionKey key, Instant at) {}

  private final Agenda agenda;
  private final DefinitionShelf definitions;
  private final Map<ExecutionKey, Chronicle> chronicles = new LinkedHashMap<>();
  private final Set<Alarm> alarms = new HashSet<>();
  private final BlobShelf blobs = new BlobShelf();
  private final Kinship kinship;
  private final Turns turns;
  private @Nullable Work work;

  /** An engine whose tasks have nobody to go to until {@link #attach}. */
  public VirtualEngine(Agenda agenda, DefinitionShelf definitions) {
    this.agenda = agenda;
    this.definitions = definitions;
    this.kinship = new Kinship(agenda, this, definitions);
    this.turns = new Turns(agenda, this);
  }

  /** Tells that one of tasks and attempts. */
  public void attach(Work to) {
    work = to;
  }

  private Work work() {
    return Objects.requireNonNull(work, "nothing is attached to the engine");
  }

  /** The execution's journal; null: there is no such execution. */
  public @Nullable Chronicle find(ExecutionKey key) {
    return chronicles.get(key);
  }

  /** What executions have by reference. */
  public BlobShelf blobs() {
    return blobs;
  }

  /** All executions, oldest first. */
  public Collection<Chronicle> chronicles() {
    return chronicles.values();
  }

  /** Decides a command; when it changes anything that is written down, and its effects follow. */
  public Step submit(ExecutionKey key, Command command) {
    Rejection refusal = blobs.refusal(command);
    if (refusal != null) {
      return new Step.Refused(refusal);
    }
    Chronicle known = chronicles.get(key);
    Optional<SlotWish> wish =
        SlotWish.of(known == null ? null : known.state(), command, agenda.now());
    if (wish.isPresent() && !turns.isFree(wish.get())) {
      return new Step.Refused(wish.get().refusal());
    }
    Step step = decided(key, known, command);
    if (wish.isPresent()) {
      turns.take(key);
    }
    return step;
  }

  private Step decided(ExecutionKey key, @Nullable Chronicle known, Command command) {
    Step step = Step.of(known == null ? null : known.state(), command, agenda.now());
    if (step instanceof Step.Changed changed) {
      Chronicle chronicle = known == null ? new Chronicle(key, this::plan) : known;
      chronicles.put(key, chronicle);
      chronicle.append(changed);
      for (Effect effect : Effects.of(changed.after(), changed.events())) {
        perform(changed.after(), effect);
      }
    }
    return step;
  }

  private Plan plan(String tenant, String definition, int version) {
    return definition.equals(Schedule.DEFINITION)
        ? Schedule.PLAN
        : definitions.find(definition, version);
  }

  private void perform(ExecutionState state, Effect effect) {
    switch (effect) {
      case Effect.OfferTask(String task) -> work().offer(state, task);
      case Effect.DeliverTask(String task, var attempt) -> work().deliver(state, task, attempt);
      case Effect.EndAttempt(_, var attempt, _) -> work().end(state.key(), attempt);
      case Effect.WithdrawTasks() -> work().withdraw(state.key());
      case Effect.ArmTimer(Instant at) -> arm(state.key(), at);
      case Effect.ListApprovals() -> {
        // Who approves looks at the states.
      }
      case Effect.StartChild(String task) -> kinship.start(state, task);
      case Effect.HoldChild(String task, var attempt, _) ->
          kinship.tend(state.key(), task, attempt.number());
      case Effect.LeaveChild(String task, var attempt) ->
          kinship.tend(state.key(), task, attempt.number());
      case Effect.ClaimSlot() -> {
        if (state.waitsForSlot() || state.status().isEnded()) {
          turns.claimed(state);
        }
      }
      case Effect.TellParent() -> kinship.tellParent(state.key());
      case Effect.AskParent() -> {
        // Nothing gets lost here that would have to be asked for.
      }
      case Effect.BeginFiring(Instant scheduledAt) -> kinship.begin(state, scheduledAt);
      case Effect.ListSchedule() -> {
        // Who lists them looks at the states.
      }
      case Effect.EndExecution() -> alarms.removeIf(alarm -> alarm.key().equals(state.key()));
    }
  }

  private void arm(ExecutionKey key, Instant at) {
    var alarm = new Alarm(key, at);
    if (alarms.add(alarm)) {
      agenda.planAside(at, () -> ring(alarm));
    }
  }

  private void ring(Alarm alarm) {
    if (alarms.remove(alarm)) {
      submit(alarm.key(), new Command.FireTimers());
      ExecutionState state = chronicles.get(alarm.key()).state();
      if (state != null) {
        Timers.next(state).ifPresent(at -> arm(alarm.key(), at));
      }
    }
  }

  /**
   * Lets time run as long as something happens by itself: results, retries, delays, time-outs of
   * attempts. What waits for somebody, and deadlines for that, don't count.
   *
   * @throws IllegalStateException when an execution should have gone on and did not: a bug
   */
  public void runUntilIdle() {
    for (var next = nextByItself(); next.isPresent(); next = nextByItself()) {
      if (!agenda.runUntil(next.get())) {
        throw new IllegalStateException(
            "a bug of Holdfast, please report it: at %s something should have happened"
                .formatted(next.get()));
      }
    }
  }

  private Optional<Instant> nextByItself() {
    Instant earliest = agenda.nextWork().orElse(null);
    for (Chronicle chronicle : chronicles.values()) {
      ExecutionState state = chronicle.state();
      Instant at = state == null ? null : Progress.nextByItself(state);
      if (at != null && (earliest == null || at.isBefore(earliest))) {
        earliest = at;
      }
    }
    return Optional.ofNullable(earliest);
  }
}
