package dev.holdfast.benchmarks;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.Command;
import dev.holdfast.core.Decider;
import dev.holdfast.core.Decision;
import dev.holdfast.core.Event;
import dev.holdfast.core.Evolver;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Gates;
import dev.holdfast.core.Limits;
import dev.holdfast.core.Plan;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.RetryPolicy;
import dev.holdfast.core.SchemaCheck;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A whole execution of one list by {@code decide} and {@code evolve}; divide by its items. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FanOutBenchmark {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123456Z");
  private static final ExecutionKey KEY =
      new ExecutionKey(ExecutionKey.DEFAULT_TENANT, "bench-0001");

  /** Items of the list. */
  @Param({"10", "100", "999"})
  public int items;

  /** How many of them at once. */
  @Param({"10", "1000"})
  public int concurrency;

  private Plan plan = Chain.plan(1);

  /** Compiles the definition. */
  @Setup
  public void prepare() {
    var list = LongStream.range(0, items).mapToObj(i -> (Object) Map.of("line", i)).toList();
    var task =
        new PlannedTask(
            "lines",
            0,
            new PlannedTask.ForEachTask(
                new PlannedTask.AgentTask("noop", Map.of()),
                scope -> list,
                concurrency,
                Limits.TASKS_MAX),
            List.of(),
            List.of(),
            PlannedTask.Join.ANY,
            null,
            dev.holdfast.core.Scope::item,
            Map.of(),
            Limits.TASK_TIMEOUT,
            null,
            RetryPolicy.DEFAULT,
            null,
            PlannedTask.OnFailure.FAIL,
            Gates.NONE,
            PlannedTask.Defined.IN_DEFINITION);
    plan =
        new Plan(
            "lines",
            1,
            Limits.WORKFLOW_TIMEOUT,
            Map.of(),
            List.of(task),
            null,
            SchemaCheck.NONE,
            SchemaCheck.NONE);
  }

  /** From the start to the end. */
  @Benchmark
  public ExecutionState run() {
    ExecutionState state =
        next(
            null,
            new Command.StartExecution(
                plan, KEY, null, Map.of(), null, 5, null, "digest", "bench"));
    for (int i = 0; i < items; i++) {
      String id = "lines[" + i + "]";
      state = next(state, new Command.StartTask(id, i, "w-1"));
      Attempt attempt = state.task(id).runningAttempt();
      if (attempt == null) {
        throw new IllegalStateException(id + " does not run");
      }
      state =
          next(state, new Command.CompleteTask(id, attempt.number(), attempt.nonce(), "checked"));
    }
    if (!state.status().isEnded()) {
      throw new IllegalStateException("has not ended: " + state);
    }
    return state;
  }

  private ExecutionState next(@Nullable ExecutionState state, Command command) {
    if (!(Decider.decide(state, command, NOW) instanceof Decision.Accepted(List<Event> events))) {
      throw new IllegalStateException("refused: " + command);
    }
    if (state != null) {
      return Evolver.evolve(state, events, NOW);
    }
    var begun = Evolver.begin(plan, KEY, (Event.ExecutionStarted) events.getFirst(), NOW);
    return Evolver.evolve(begun, events.subList(1, events.size()), NOW);
  }
}
