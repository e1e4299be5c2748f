package dev.holdfast.benchmarks;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Event;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Plan;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.codec.EntryEncoder;
import dev.holdfast.journal.codec.HistoryDecoder;
import dev.holdfast.journal.codec.StateCodec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** The codecs. {@code encodeTransition}: three events, hashes included; divide by three. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBenchmark {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123456Z");

  private final Plan plan = Chain.plan(3);
  private final ExecutionKey key = new ExecutionKey("default", "bench-0001");
  private final List<Event> events =
      List.of(
          new Event.TaskCompleted("t0", 1, Map.of("payload", "0123456789abcdef".repeat(12))),
          new Event.TaskReadied("t1", null),
          new Event.TaskStarted("t1", 1, 0x5eed_0000_0000_0001L, "w-1", NOW.plusSeconds(3600)));
  private final byte[] previous = EntryEncoder.genesis();
  private final ExecutionState state = midway(plan);
  private final JournalEntry entry = EntryEncoder.encode(key, 5, 1, NOW, events, previous, state);
  private final byte[] payload = entry.content().payload();
  private final byte[] snapshot = StateCodec.encode(state);

  private static ExecutionState midway(Plan plan) {
    var chain = new Chain(plan, "bench-0001");
    for (int i = 0; i < 4; i++) {
      chain.next(NOW);
    }
    return Objects.requireNonNull(chain.state());
  }

  /** Encodes and chains a transition's three events. */
  @Benchmark
  public JournalEntry encodeTransition() {
    return EntryEncoder.encode(key, 5, 1, NOW, events, previous, state);
  }

  /** Decodes and chains them. */
  @Benchmark
  public byte[] decodeTransition(Blackhole hole) {
    var decoder = new HistoryDecoder(previous);
    decoder.read(payload, hole::consume);
    return decoder.hash();
  }

  /** Encodes the state of an execution of three tasks. */
  @Benchmark
  public byte[] encodeState() {
    return StateCodec.encode(state);
  }

  /** Decodes it. */
  @Benchmark
  public ExecutionState decodeState() {
    return StateCodec.decode(snapshot, (tenant, definition, version) -> plan);
  }
}
