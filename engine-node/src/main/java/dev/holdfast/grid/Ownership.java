package dev.holdfast.grid;

import com.hazelcast.core.HazelcastInstanceNotActiveException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices which partitions come to this member and which leave it, by looking at all of them every
 * 10 ms: listeners' events come late and can be missed, a look can't. What follows is the {@link
 * Handover}'s part.
 */
final class Ownership implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);
  private static final Duration END_WITHIN = Duration.ofSeconds(1);

  /** One warning of many partitions is enough. */
  private static final long WARN_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** What is done as partitions come and go; on this one thread. */
  interface Handover {
    /**
     * These partitions have come to this member. They are gone through together, since each time
     * may have to wait for a migration to end.
     *
     * @return takes one of them over; when either throws, the partition is named again by the next
     *     look
     */
    IntConsumer arrived(Set<Integer> partitions);

    /** The partition has gone to another member. */
    void lost(int partition);

    /** The partition, still this member's, is backed up by another one than before. */
    void backupChanged(int partition);

    /** Called with every look. */
    void tick();
  }

  private final Replicas replicas;
  private final Epochs epochs;
  private final Handover handover;

  /** Written by the one thread. */
  private final AtomicIntegerArray mine;

  /** Used by the one thread. */
  private final @Nullable UUID[] backups;

  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong takenCount = new AtomicLong();
  private final AtomicLong lostCount = new AtomicLong();
  private final AtomicBoolean dropping = new AtomicBoolean();
  private final Thread thread;
  private long warnAtNanos = System.nanoTime();
  private volatile boolean open = true;

  Ownership(Replicas replicas, Epochs epochs, Handover handover) {
    this.replicas = replicas;
    this.epochs = epochs;
    this.handover = handover;
    this.mine = new AtomicIntegerArray(replicas.count());
    this.backups = new UUID[replicas.count()];
    this.thread = Thread.ofPlatform().name("holdfast-ownership").daemon().unstarted(this::run);
  }

  /** Begins to look. */
  void start() {
    thread.start();
  }

  /** Whether this member has taken the partition over, with all that follows from its states. */
  boolean isTaken(int partition) {
    return mine.get(partition) == 1;
  }

  /** Partitions that this member has taken over. */
  int count() {
    return count.get();
  }

  /** Partitions taken over since the start. */
  long takenCount() {
    return takenCount.get();
  }

  /** Partitions that went to other members since the start. */
  long lostCount() {
    return lostCount.get();
  }

  private void run() {
    while (open) {
      if (dropping.getAndSet(false)) {
        dropAll();
      }
      try {
        look();
      } catch (MovedException e) {
        LOG.debug("a partition moved on while it was taken over, the next look follows", e);
      } catch (RuntimeException e) {
        failed("taking over or giving up partitions", e);
      }
      try {
        handover.tick();
      } catch (MovedException e) {
        LOG.debug("a partition moved while it was looked at, the next look follows", e);
      } catch (RuntimeException e) {
        failed("the upkeep of partitions", e);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /**
   * Everything goes, soon; what this member owns then comes back once there is an epoch again. For
   * when the cluster that it was in is no more.
   */
  void drop() {
    dropping.set(true);
    LockSupport.unpark(thread);
  }

  private void dropAll() {
    for (int partition = 0; partition < mine.length(); partition++) {
      give(partition);
    }
  }

  private void give(int partition) {
    if (isTaken(partition)) {
      mine.set(partition, 0);
      count.decrementAndGet();
      lostCount.incrementAndGet();
      handover.lost(partition);
    }
  }

  private void failed(String what, RuntimeException e) {
    if (e instanceof HazelcastInstanceNotActiveException
        || e.getCause() instanceof HazelcastInstanceNotActiveException) {
      LOG.debug("this member has left its cluster: no partition is its own any more", e);
      return;
    }
    long now = System.nanoTime();
    if (open && now - warnAtNanos >= 0) {
      warnAtNanos = now + WARN_NANOS;
      LOG.warn("{} failed, it is tried again", what, e);
    }
  }

  private void look() {
    var came = new TreeSet<Integer>();
    for (int partition = 0; partition < mine.length(); partition++) {
      if (!replicas.isOwned(partition)) {
        give(partition);
      } else if (isTaken(partition)) {
        lookAtBackup(partition);
      } else {
        came.add(partition);
      }
    }
    if (!came.isEmpty() && epochs.current() != Epochs.NONE) {
      take(came);
    }
  }

  private void lookAtBackup(int partition) {
    UUID backup = replicas.backup(partition);
    if (backup != null && !backup.equals(backups[partition])) {
      backups[partition] = backup;
      handover.backupChanged(partition);
    }
  }

  private void take(Set<Integer> came) {
    IntConsumer taking = handover.arrived(came);
    for (int partition : came) {
      try {
        take(partition, taking);
      } catch (RuntimeException e) {
        failed("taking over partition " + partition, e);
      }
    }
  }

  private void take(int partition, IntConsumer taking) {
    UUID backup = replicas.backup(partition);
    if (!replicas.isOwned(partition)) {
      // Gone again: what was found of it may be less than all.
      return;
    }
    taking.accept(partition);
    mine.set(partition, 1);
    backups[partition] = backup;
    count.incrementAndGet();
    takenCount.incrementAndGet();
  }

  /**
   * Returns when the look that is under way has ended. One that waits for a member that has left,
   * and so for ever, is broken off.
   */
  @Override
  public void close() {
    open = false;
    LockSupport.unpark(thread);
    try {
      if (!thread.join(END_WITHIN)) {
        thread.interrupt();
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
