package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.Decider;
import dev.holdfast.core.Decision;
import dev.holdfast.core.Effect;
import dev.holdfast.core.Effects;
import dev.holdfast.core.Event;
import dev.holdfast.core.Evolver;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.PlanBuilder;
import dev.holdfast.core.Timers;
import dev.holdfast.grid.dispatch.AgentDispatcher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReconcilerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final AgentDispatcher dispatcher =
      new AgentDispatcher(
          (execution, command) -> new CompletableFuture<>(),
          new SplittableRandom(7),
          System::nanoTime,
          () -> NOW);
  private final ExecutionTimers timers = new ExecutionTimers(() -> NOW);
  private final Drift drift =
      new Drift(dispatcher, timers, new PendingApprovals(), new KnownSchedules());
  private final Map<ExecutionKey, ExecutionState> memory = new HashMap<>();
  private final AtomicInteger rederived = new AtomicInteger();
  private final Reconciler reconciler =
      new Reconciler(
          drift, this::rederive, key -> CompletableFuture.completedFuture(memory.get(key)));
  private long nowNanos;

  @Test
  void aTaskThatFellOutOfItsQueueAndALostTimerAreMadeAnewAndCounted() {
    ExecutionState state = begun("lost");
    sweep(state);
    assertThat(reconciler.repairCount()).as("it may be on its way").isZero();
    assertThat(dispatcher.waitingTasks().count()).isZero();

    pass(Reconciler.LOOK_AGAIN_NANOS);
    assertThat(reconciler.repairCount()).isEqualTo(2);
    assertThat(dispatcher.waitingTasks().count()).isEqualTo(1);
    assertThat(timers.isArmed(state.key(), Timers.next(state).orElseThrow())).isTrue();

    sweep(state);
    pass(Reconciler.LOOK_AGAIN_NANOS);
    assertThat(reconciler.repairCount()).isEqualTo(2);
  }

  @Test
  void whatHasMovedOnMeanwhileIsNotTouched() {
    ExecutionState state = begun("moving");
    sweep(state);
    memory.put(state.key(), after(state, new Command.StartTask("a", 5, "w")));
    pass(Reconciler.LOOK_AGAIN_NANOS);
    assertThat(reconciler.repairCount()).isZero();
    assertThat(rederived).hasValue(0);
  }

  @Test
  void anExecutionThatCannotMoveIsCountedUntilItCan() {
    ExecutionState begun = begun("stuck");
    ExecutionState running = after(begun, new Command.StartTask("a", 5, "w"));
    ExecutionState stuck =
        Evolver.evolve(running, List.of(new Event.TaskCompleted("a", 1, "done")), NOW);
    sweep(stuck);
    assertThat(reconciler.stuckCount()).isEqualTo(1);
    sweep(stuck);
    assertThat(reconciler.stuckCount()).isEqualTo(1);

    sweep(after(stuck, new Command.FireTimers()));
    assertThat(reconciler.stuckCount()).isZero();
    sweep(stuck);
    reconciler.look(List.of(), key -> true);
    assertThat(reconciler.stuckCount()).as("it has gone").isZero();
  }

  @Test
  void aTickLooksAtABoundedNumber() {
    var many = new ArrayList<ExecutionState>();
    for (int i = 0; i < 3 * Reconciler.LOOKS_MAX; i++) {
      ExecutionState state = begun("e" + i);
      rederive(state);
      many.add(state);
    }
    rederived.set(0);
    reconciler.look(many, key -> true);
    reconciler.tick(nowNanos);
    assertThat(rederived).hasValue(Reconciler.LOOKS_MAX);
    assertThat(reconciler.isBusy()).isTrue();
    reconciler.drop(key -> true);
    assertThat(reconciler.isBusy()).isFalse();
  }

  @Test
  void nothingIsLookedAtOnceTheMemberLeaves() {
    ExecutionState state = begun("last");
    reconciler.look(List.of(state), key -> true);
    reconciler.rest();
    reconciler.tick(nowNanos);
    assertThat(rederived).hasValue(0);
    assertThat(reconciler.isBusy()).as("takes no more").isTrue();
  }

  @Test
  void workThatNobodyCanDoIsToldByCapabilityOnceItHasWaited() {
    ExecutionState state = begun("nobody");
    rederive(state);
    Dispatcher.AgentInfo other =
        new Dispatcher.AgentInfo("w", List.of("other"), Map.of(), 0, NOW, true);
    Dispatcher.AgentInfo able =
        new Dispatcher.AgentInfo("w", List.of("agent-a"), Map.of(), 0, NOW, true);

    var early = new UnservedWork(dispatcher, tenant -> List.of(other), () -> NOW.plusSeconds(9));
    early.look();
    assertThat(early.tasks()).isEmpty();

    var known = new ArrayList<>(List.of(other));
    var late = new UnservedWork(dispatcher, tenant -> known, () -> NOW.plusSeconds(11));
    late.look();
    assertThat(late.tasks()).containsExactly(Map.entry("agent-a", 1));
    known.add(able);
    late.look();
    assertThat(late.tasks()).isEmpty();
  }

  private void sweep(ExecutionState state) {
    memory.put(state.key(), state);
    reconciler.look(List.of(state), key -> key.equals(state.key()));
    reconciler.tick(nowNanos);
  }

  private void pass(long nanos) {
    nowNanos += nanos;
    reconciler.tick(nowNanos);
  }

  private void rederive(ExecutionState state) {
    rederived.incrementAndGet();
    Effects.recover(state).stream()
        .filter(Effect.OfferTask.class::isInstance)
        .map(Effect.OfferTask.class::cast)
        .forEach(offer -> dispatcher.offer(state, offer.task()));
    Timers.next(state).ifPresent(at -> timers.arm(state.key(), at));
  }

  private ExecutionState begun(String id) {
    var plan = PlanBuilder.chain("a", "b").build();
    var key = new ExecutionKey("default", id);
    var start =
        new Command.StartExecution(plan, key, null, Map.of(), null, 5, null, "digest", "ann");
    if (!(Decider.decide(null, start, NOW) instanceof Decision.Accepted(List<Event> events))) {
      throw new AssertionError("refused");
    }
    var begun = Evolver.begin(plan, key, (Event.ExecutionStarted) events.getFirst(), NOW);
    ExecutionState state = Evolver.evolve(begun, events.subList(1, events.size()), NOW);
    memory.put(key, state);
    return state;
  }

  private static ExecutionState after(ExecutionState state, Command command) {
    if (!(Decider.decide(state, command, NOW) instanceof Decision.Accepted(List<Event> events))) {
      throw new AssertionError("refused");
    }
    return Evolver.evolve(state, events, NOW);
  }
}
