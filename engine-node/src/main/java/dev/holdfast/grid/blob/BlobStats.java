package dev.holdfast.grid.blob;

import java.util.concurrent.atomic.LongAdder;

/** Counts of what this member did with blobs since its start, for metrics. Thread-safe. */
public final class BlobStats {
  private final LongAdder stored = new LongAdder();
  private final LongAdder storedBytes = new LongAdder();
  private final LongAdder readBytes = new LongAdder();
  private final LongAdder removed = new LongAdder();
  private final LongAdder copied = new LongAdder();
  private volatile long unsettled;

  void stored(long bytes) {
    stored.increment();
    storedBytes.add(bytes);
  }

  void read(int bytes) {
    readBytes.add(bytes);
  }

  void removed(int blobs) {
    removed.add(blobs);
  }

  void copy() {
    copied.increment();
  }

  void unsettled(long blobs) {
    unsettled = blobs;
  }

  /** Blobs that were uploaded here, or made of values that came here. */
  public long stored() {
    return stored.sum();
  }

  /** Bytes of those. */
  public long storedBytes() {
    return storedBytes.sum();
  }

  /** Bytes of blobs that were given out here. */
  public long readBytes() {
    return readBytes.sum();
  }

  /** Blobs removed from this member's store since nobody referred to them. */
  public long removed() {
    return removed.sum();
  }

  /** Blobs copied to this member's disk from others. */
  public long copied() {
    return copied.sum();
  }

  /** Blobs on this member's disk that are not on every other disk yet on which they should be. */
  public long unsettled() {
    return unsettled;
  }
}
