package dev.holdfast.benchmarks;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.TaskToken;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.Command;
import dev.holdfast.core.Decider;
import dev.holdfast.core.Decision;
import dev.holdfast.core.Event;
import dev.holdfast.core.Evolver;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Plan;
import dev.holdfast.grid.AgentProfile;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.Dispatcher.AgentSession;
import dev.holdfast.grid.Dispatcher.AgentSink;
import dev.holdfast.grid.Outcome;
import dev.holdfast.grid.dispatch.AgentDispatcher;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A task is offered, waits behind others, and the task whose turn it is is handed over and ends:
 * the dispatcher's share of each task that does not find an agent at once.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HandOverBenchmark {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123456Z");

  /** Executions of which a task waits. */
  @Param({"1", "100", "10000"})
  public int executions;

  private final Map<ExecutionKey, ExecutionState> states = new HashMap<>();
  private AgentDispatcher dispatcher = dispatcher();
  private AgentSession session = session(dispatcher);
  private ExecutionState next = begun(Chain.plan(1), "first");
  private long nonce;

  /** Has all but one task wait. */
  @Setup(Level.Iteration)
  public void prepare() {
    dispatcher = dispatcher();
    session = session(dispatcher);
    states.clear();
    Plan plan = Chain.plan(1);
    for (int i = 0; i < executions; i++) {
      next = begun(plan, "bench-" + i);
      states.put(next.key(), next);
      if (i + 1 < executions) {
        dispatcher.offer(next, "t0");
      }
    }
  }

  /** One task in, one out. */
  @Benchmark
  public void offerAndTake() {
    dispatcher.offer(next, "t0");
    session.grant(1);
    var attempt = new Attempt(1, nonce, "w-1", NOW, NOW, null, null, null);
    dispatcher.started(next, "t0", attempt);
    dispatcher.flush();
    dispatcher.ended(attempt, false);
  }

  private AgentDispatcher dispatcher() {
    return new AgentDispatcher(
        this::handOver, new SplittableRandom(7), System::nanoTime, InstantSource.system());
  }

  private CompletableFuture<Outcome> handOver(ExecutionKey key, Command command) {
    next = states.get(key);
    nonce = ((Command.StartTask) command).nonce();
    return new CompletableFuture<>();
  }

  private static AgentSession session(AgentDispatcher dispatcher) {
    return dispatcher.open(
        new AgentProfile(ExecutionKey.DEFAULT_TENANT, "w-1", List.of("noop"), Map.of()),
        new AgentSink() {
          @Override
          public void assigned(List<Assignment> assignments) {}

          @Override
          public void revoked(List<TaskToken> tokens) {}

          @Override
          public void wanted(int tasks) {}

          @Override
          public void rollCall() {}
        });
  }

  private static ExecutionState begun(Plan plan, String id) {
    var key = new ExecutionKey(ExecutionKey.DEFAULT_TENANT, id);
    var start =
        new Command.StartExecution(plan, key, null, Map.of(), null, 5, null, "digest", "bench");
    if (!(Decider.decide(null, start, NOW) instanceof Decision.Accepted(List<Event> events))) {
      throw new IllegalStateException("refused: " + start);
    }
    var begun = Evolver.begin(plan, key, (Event.ExecutionStarted) events.getFirst(), NOW);
    return Evolver.evolve(begun, events.subList(1, events.size()), NOW);
  }
}
