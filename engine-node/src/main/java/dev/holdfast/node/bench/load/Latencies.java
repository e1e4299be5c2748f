package dev.holdfast.node.bench.load;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Latencies in microseconds, one minute at most, to three digits. Thread-safe. */
public final class Latencies {
  private static final long MICROS_MAX = 60_000_000;
  private final Histogram micros;

  /** None yet. */
  public Latencies() {
    this(new ConcurrentHistogram(MICROS_MAX, 3));
  }

  private Latencies(Histogram micros) {
    this.micros = micros;
  }

  /** Adds one; what is out of range counts as the range's end. */
  public void recordNanos(long nanos) {
    micros.recordValue(Math.clamp(nanos / 1000, 0, MICROS_MAX));
  }

  /** Forgets all. */
  public void reset() {
    micros.reset();
  }

  /** For another process to {@link #decode}. */
  public String encode() {
    var bytes = ByteBuffer.allocate(micros.getNeededByteBufferCapacity());
    int length = micros.encodeIntoCompressedByteBuffer(bytes);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length));
  }

  /** From {@link #encode}. */
  public static Latencies decode(String text) {
    try {
      return new Latencies(
          Histogram.decodeFromCompressedByteBuffer(
              ByteBuffer.wrap(Base64.getDecoder().decode(text)), MICROS_MAX));
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("not a histogram: " + text, e);
    }
  }

  /** {@code p50, p95, p99, max} in milliseconds. */
  public Map<String, Double> toMap() {
    var map = new LinkedHashMap<String, Double>();
    map.put("p50", millis(micros.getValueAtPercentile(50)));
    map.put("p95", millis(micros.getValueAtPercentile(95)));
    map.put("p99", millis(micros.getValueAtPercentile(99)));
    map.put("max", millis(micros.getMaxValue()));
    return map;
  }

  /** The slowest, in milliseconds. */
  public double maxMillis() {
    return millis(micros.getMaxValue());
  }

  private static double millis(long micros) {
    return micros / 1000.0;
  }
}
