package dev.holdfast.grid.eta;

import com.tdunning.math.stats.MergingDigest;
import com.tdunning.math.stats.TDigest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One task's durations: a digest of the newest and one of those before, which change places, so
 * that what is old is forgotten. Thread-safe.
 */
final class DecayingTimes {
  /** The newest so many are in one digest, and as many before them in the other, at most. */
  static final int ROTATE_AFTER = 500;

  private static final double COMPRESSION = 50;

  private TDigest newest = digest();
  private @Nullable TDigest before;
  private int skipped;
  private int skippedBefore;
  private volatile long usedNanos;

  static TDigest digest() {
    return TDigest.createMergingDigest(COMPRESSION);
  }

  /**
   * @param nowNanos as {@code System.nanoTime}
   */
  synchronized void took(double millis, long nowNanos) {
    newest.add(millis);
    usedNanos = nowNanos;
    rotateIfFull();
  }

  synchronized void skipped(long nowNanos) {
    skipped++;
    usedNanos = nowNanos;
    rotateIfFull();
  }

  private void rotateIfFull() {
    if (newest.size() + skipped >= ROTATE_AFTER) {
      before = newest;
      skippedBefore = skipped;
      newest = digest();
      skipped = 0;
    }
  }

  long usedNanos() {
    return usedNanos;
  }

  /** What is known, as it travels between members. */
  synchronized Learned learned() {
    TDigest all = digest();
    all.add(newest);
    TDigest old = before;
    if (old != null) {
      all.add(old);
    }
    byte[] bytes = new byte[0];
    if (all.size() > 0) {
      var buffer = ByteBuffer.allocate(all.smallByteSize());
      all.asSmallBytes(buffer);
      bytes = Arrays.copyOf(buffer.array(), buffer.position());
    }
    return new Learned(bytes, skipped + skippedBefore);
  }

  /**
   * A snapshot.
   *
   * @param digest empty: the task was never carried out
   * @param skipped how often it was not on the path taken
   */
  record Learned(byte[] digest, int skipped) {
    void addTo(TDigest all) {
      if (digest.length > 0) {
        all.add(MergingDigest.fromBytes(ByteBuffer.wrap(digest)));
      }
    }
  }
}
