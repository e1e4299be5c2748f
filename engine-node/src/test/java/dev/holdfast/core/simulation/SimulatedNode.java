package dev.holdfast.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.Effect;
import dev.holdfast.core.Effects;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Plan;
import dev.holdfast.core.Step;
import dev.holdfast.core.Timers;
import dev.holdfast.core.simulation.Faults.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A node: decides in memory, commits in groups, and only then tells anybody. What it knows beside
 * the journal is gone with a crash.
 */
final class SimulatedNode {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final long COMMIT_MILLIS = 3;
  private static final long SWEEP_MILLIS = 5000;

  /**
   * A transition that is not durable yet, or an answer that has to wait for those before it.
   *
   * @param step null: nothing changed
   */
  private record Pending(ExecutionKey key, Step.@Nullable Changed step, Runnable answer) {}

  private final Agenda agenda;
  private final Faults faults;
  private final SimulatedJournal journal;
  final Function<ExecutionKey, Plan> plans;
  private final SimulatedDispatcher dispatcher;
  private final SimulatedKin kin;
  private final SimulatedSlots slots;
  private final Map<ExecutionKey, ExecutionState> memory = new LinkedHashMap<>();
  private final Map<ExecutionKey, Instant> timers = new LinkedHashMap<>();
  private List<Pending> queue = new ArrayList<>();
  private boolean up = true;
  private int life;
  private long clockOffsetMillis;
  private long lostTransitions;

  SimulatedNode(
      Agenda agenda,
      Faults faults,
      Network network,
      SimulatedJournal journal,
      Function<ExecutionKey, Plan> plans) {
    this.agenda = agenda;
    this.faults = faults;
    this.journal = journal;
    this.plans = plans;
    this.dispatcher = new SimulatedDispatcher(this, agenda, faults, network);
    this.kin = new SimulatedKin(this, faults, network, journal);
    this.slots = new SimulatedSlots(this, network, journal);
    agenda.every(SWEEP_MILLIS, this::lookOver);
    agenda.every(1000, this::tick);
  }

  SimulatedDispatcher dispatcher() {
    return dispatcher;
  }

  boolean isUp() {
    return up;
  }

  long lostTransitions() {
    return lostTransitions;
  }

  /** Each life of the node is one. */
  long epoch() {
    return life;
  }

  /** Executions in memory, durable as they are or not. */
  Collection<ExecutionState> memory() {
    return memory.values();
  }

  @Nullable ExecutionState inMemory(ExecutionKey key) {
    return memory.get(key);
  }

  private Instant now() {
    return START.plusMillis(agenda.nowMillis() + clockOffsetMillis);
  }

  void submit(ExecutionKey key, Command command, Consumer<Reply> answer) {
    if (!up) {
      return;
    }
    if (command instanceof Command.GrantSlot grant && grant.epoch() != epoch()) {
      return;
    }
    ExecutionState before = memory.containsKey(key) ? memory.get(key) : journal.load(key);
    switch (Step.of(before, command, now())) {
      case Step.Refused(var rejection) ->
          enqueue(new Pending(key, null, () -> answer.accept(new Reply(rejection.code(), false))));
      case Step.Unchanged _ ->
          enqueue(new Pending(key, null, () -> answer.accept(new Reply(null, false))));
      case Step.Changed changed -> {
        memory.put(key, changed.after());
        enqueue(new Pending(key, changed, () -> answer.accept(new Reply(null, true))));
      }
    }
  }

  private void enqueue(Pending pending) {
    queue.add(pending);
    if (queue.size() == 1) {
      whileAlive(COMMIT_MILLIS, this::commit);
    }
  }

  /** Later, unless the node has crashed by then. */
  private void whileAlive(long millis, Runnable action) {
    int then = life;
    agenda.after(
        millis,
        () -> {
          if (life == then && up) {
            action.run();
          }
        });
  }

  private void commit() {
    if (faults.strike(Kind.NODE_CRASH_BEFORE_COMMIT, 0.002)) {
      crash();
      return;
    }
    List<Pending> batch = queue;
    queue = new ArrayList<>();
    batch.forEach(this::append);
    if (faults.strike(Kind.NODE_CRASH_AFTER_COMMIT, 0.002)) {
      crash();
      return;
    }
    batch.forEach(this::acknowledge);
  }

  private void append(Pending pending) {
    Step.Changed step = pending.step();
    if (step != null) {
      long fromSeq = step.after().seq() - step.events().size() + 1;
      journal.append(pending.key(), fromSeq, step.events(), step.at());
      assertThat(journal.state(pending.key())).as("memory = fold(journal)").isEqualTo(step.after());
    }
  }

  private void acknowledge(Pending pending) {
    Step.Changed step = pending.step();
    if (step != null) {
      for (Effect effect : Effects.of(step.after(), step.events())) {
        perform(step.after(), effect);
      }
    }
    pending.answer().run();
  }

  private void perform(ExecutionState state, Effect effect) {
    ExecutionKey key = state.key();
    switch (effect) {
      case Effect.OfferTask(String task) -> dispatcher.offer(key, task);
      case Effect.DeliverTask(String task, var attempt) ->
          dispatcher.deliver(Token.of(key, task, attempt), attempt.worker());
      case Effect.EndAttempt(String task, var attempt, boolean revoked) ->
          dispatcher.end(Token.of(key, task, attempt), revoked);
      case Effect.WithdrawTasks() -> dispatcher.withdraw(key);
      case Effect.ArmTimer(Instant at) -> arm(key, at);
      case Effect.ListApprovals() -> {
        // Who approves looks at the states.
      }
      case Effect.StartChild(String task) -> kin.start(key, task);
      case Effect.HoldChild(String task, var attempt, boolean fresh) ->
          kin.tend(key, task, attempt.number(), fresh);
      case Effect.LeaveChild(String task, var attempt) ->
          kin.tend(key, task, attempt.number(), false);
      case Effect.ClaimSlot() -> slots.claimed(state);
      case Effect.TellParent() -> kin.tellParent(key);
      case Effect.AskParent() -> kin.askParent(key);
      case Effect.BeginFiring(Instant time) -> kin.begin(key, time);
      case Effect.ListSchedule() -> {
        // Nobody lists them.
      }
      case Effect.EndExecution() -> {
        timers.remove(key);
        if (memory.get(key) == state) {
          memory.remove(key);
        }
      }
    }
  }

  private void arm(ExecutionKey key, Instant at) {
    timers.merge(key, at, (one, other) -> one.isBefore(other) ? one : other);
  }

  private void tick() {
    if (!up) {
      return;
    }
    for (ExecutionKey key : List.copyOf(timers.keySet())) {
      if (!now().isBefore(timers.get(key))) {
        timers.remove(key);
        submit(key, new Command.FireTimers(), reply -> armNext(key));
      }
    }
    dispatcher.sweep();
    jumpClock();
    if (faults.strike(Kind.NODE_CRASH_IDLE, 0.005)) {
      crash();
    }
  }

  private void armNext(ExecutionKey key) {
    ExecutionState state = memory.get(key);
    if (state != null) {
      Timers.next(state).ifPresent(at -> arm(key, at));
    }
  }

  private void jumpClock() {
    if (faults.strike(Kind.CLOCK_FORWARD, 0.01)) {
      clockOffsetMillis += faults.between(1000, 600_000);
    }
    if (faults.strike(Kind.CLOCK_BACK, 0.01)) {
      clockOffsetMillis -= faults.between(1000, 600_000);
    }
  }

  private void crash() {
    up = false;
    life++;
    lostTransitions += queue.stream().filter(pending -> pending.step() != null).count();
    queue = new ArrayList<>();
    memory.clear();
    timers.clear();
    dispatcher.forget();
    slots.forget();
    agenda.after(faults.between(100, 3000), this::restart);
  }

  private void restart() {
    up = true;
    for (ExecutionKey key : journal.keys()) {
      ExecutionState state = journal.state(key);
      if (state != null && !state.status().isEnded()) {
        ExecutionState loaded = journal.load(key);
        memory.put(key, loaded);
        for (Effect effect : Effects.recover(loaded)) {
          recover(loaded, effect);
        }
      }
    }
  }

  /** What parents and children were to be told and were not, is found out by looking at them. */
  private void lookOver() {
    if (!up) {
      return;
    }
    for (ExecutionKey key : List.copyOf(journal.keys())) {
      ExecutionState state = journal.state(key);
      if (state != null && !state.status().isEnded()) {
        for (Effect effect : Effects.recover(state)) {
          if (effect instanceof Effect.StartChild
              || effect instanceof Effect.HoldChild
              || effect instanceof Effect.BeginFiring
              || effect instanceof Effect.TellParent
              || effect instanceof Effect.AskParent
              || effect instanceof Effect.ClaimSlot) {
            perform(state, effect);
          }
        }
      }
    }
  }

  private void recover(ExecutionState state, Effect effect) {
    if (effect instanceof Effect.DeliverTask(String task, var attempt)) {
      dispatcher.recover(Token.of(state.key(), task, attempt), attempt.worker());
    } else {
      perform(state, effect);
    }
  }
}
