package dev.holdfast.grid.chain;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts of what this member did to settle its chains, for metrics. Thread-safe. */
public final class ChainStats {
  private final LongAdder fetched = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder restored = new LongAdder();
  private final AtomicLong incomplete = new AtomicLong();
  private final AtomicLong unconfirmed = new AtomicLong();

  void fetched(long count) {
    fetched.add(count);
  }

  void dropped(long count) {
    dropped.add(count);
  }

  void restored(long count) {
    restored.add(count);
  }

  void incomplete(long count) {
    incomplete.set(count);
  }

  void unconfirmed(long count) {
    unconfirmed.set(count);
  }

  /** Chains, or beginnings of chains, taken over from other members. */
  public long fetched() {
    return fetched.sum();
  }

  /** Chains cleared from this member's disk, since those whose they are have them. */
  public long dropped() {
    return dropped.sum();
  }

  /** Live executions that the cluster had no memory of, put back from some member's disk. */
  public long restored() {
    return restored.sum();
  }

  /**
   * Chains that are not settled, as of the newest look: whose beginning is missing here, or that
   * their owner or backup has not confirmed to have.
   */
  public long unsettled() {
    return incomplete.get() + unconfirmed.get();
  }
}
