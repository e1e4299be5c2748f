package dev.holdfast.benchmarks;

import dev.holdfast.core.Event;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Plan;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

/** A whole execution of a chain by {@code decide} and {@code evolve}; divide by its tasks. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecideBenchmark {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123456Z");

  /** Tasks of the execution. */
  @Param({"3", "100", "1000"})
  public int tasks;

  private Plan plan = Chain.plan(3);

  /** Compiles the definition. */
  @Setup
  public void prepare() {
    plan = Chain.plan(tasks);
  }

  /** From the start to the end. */
  @Benchmark
  public @Nullable ExecutionState run() {
    var chain = new Chain(plan, "bench-0001");
    for (List<Event> events = chain.decide(NOW); !events.isEmpty(); events = chain.decide(NOW)) {
      chain.evolve(events, NOW);
    }
    return chain.state();
  }
}
