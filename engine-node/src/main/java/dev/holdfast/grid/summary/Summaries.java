package dev.holdfast.grid.summary;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the rows of the executions that this member owns: gathers what changed and writes it every
 * other second, on a thread of its own, so that an execution that changes a hundred times in that
 * time costs one write. One that has just begun gets its row a round later, since most that end
 * soon never need one: of those only {@value #SHORT_MAX} a round get a row. Ended executions' rows
 * are kept for the newest {@value #ENDED_MAX}. Thread-safe.
 */
public final class Summaries implements SummaryFeed, AutoCloseable {
  /** Ended executions whose rows a member keeps. */
  static final int ENDED_MAX = 1000;

  /** Executions that began and ended between two rounds and get a row all the same. */
  static final int SHORT_MAX = 100;

  /** Rows written at once. */
  private static final int BATCH = 2000;

  private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long EARLIER = -1;
  private static final long RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** How long the answer to one write is waited for. */
  private static final long WRITE_SECONDS_MAX = 5;

  /** How long the close waits for it. */
  private static final long CLOSE_MILLIS_MAX = 500;

  private static final Logger LOG = LoggerFactory.getLogger(Summaries.class);

  /**
   * What is to be written.
   *
   * @param bornIn the round that it began in and has no row from; {@link #EARLIER}: it may have one
   */
  private record Change(ExecutionState state, long bornIn) {}

  private final HazelcastInstance hazelcast;
  private final Predicate<ExecutionKey> isOwned;
  private final BooleanSupplier isMaster;
  private final IMap<String, Summary> rows;
  private final Map<ExecutionKey, Change> changes = new ConcurrentHashMap<>();

  /** Keys of ended executions with a row, oldest first; used by the one thread. */
  private final ArrayDeque<ExecutionKey> ended = new ArrayDeque<>();

  private final Thread thread;
  private volatile long round;
  private boolean created;
  private long nextTry = System.nanoTime();
  private volatile boolean open = true;

  /** What is being written. */
  private volatile CompletableFuture<Void> underWay = CompletableFuture.completedFuture(null);

  /**
   * @param isOwned whether this member owns the execution's partition
   * @param isMaster whether this member is the one that creates the SQL table
   */
  public Summaries(
      HazelcastInstance hazelcast, Predicate<ExecutionKey> isOwned, BooleanSupplier isMaster) {
    this.hazelcast = hazelcast;
    this.isOwned = isOwned;
    this.isMaster = isMaster;
    this.rows = hazelcast.getMap(SummaryTable.MAP);
    this.thread = Thread.ofPlatform().name("holdfast-summaries").daemon().start(this::run);
  }

  @Override
  public void changed(ExecutionState state, boolean begins) {
    changes.merge(
        state.key(),
        new Change(state, begins ? round : EARLIER),
        (known, next) ->
            next.state().seq() < known.state().seq()
                ? known
                : new Change(next.state(), known.bornIn()));
  }

  private void run() {
    while (open) {
      LockSupport.parkNanos(ROUND_NANOS);
      try {
        createTable();
        round();
      } catch (RuntimeException e) {
        if (open) {
          LOG.warn("rows for SQL could not be written, the next round goes on", e);
        }
      }
    }
  }

  /** By the oldest member, once; the rows don't wait for it. */
  private void createTable() {
    if (created || !isMaster.getAsBoolean() || System.nanoTime() - nextTry < 0) {
      return;
    }
    nextTry = System.nanoTime() + RETRY_NANOS;
    try {
      SummaryTable.create(hazelcast);
      created = true;
    } catch (HazelcastException e) {
      LOG.warn("the SQL table could not be created, next try in a minute", e);
    }
  }

  private void round() {
    long now = round;
    var finished = new ArrayList<Change>();
    var batch = new Batch();
    for (var entry : changes.entrySet()) {
      ExecutionKey key = entry.getKey();
      Change change = entry.getValue();
      boolean ends = change.state().status().isEnded();
      boolean justBegun = !ends && change.bornIn() == now;
      // What changes meanwhile is left for the next round.
      if (justBegun || !changes.remove(key, change)) {
        continue;
      }
      if (ends) {
        finished.add(change);
      } else {
        batch.put(key, Summary.of(change.state()));
      }
    }
    finish(finished, batch);
    batch.write();
    forget(batch);
    batch.write();
    round = now + 1;
  }

  private void finish(List<Change> finished, Batch batch) {
    int shortOnes = 0;
    for (Change change : finished) {
      if (change.bornIn() == EARLIER || shortOnes++ < SHORT_MAX) {
        ExecutionKey key = change.state().key();
        batch.put(key, Summary.of(change.state()));
        ended.add(key);
      }
    }
  }

  private void forget(Batch batch) {
    while (ended.size() > ENDED_MAX) {
      batch.remove(ended.remove());
    }
  }

  /** Rows of owned executions that are written together. */
  private final class Batch {
    private Map<String, Optional<Summary>> writes = new HashMap<>();

    void put(ExecutionKey key, Summary row) {
      add(key, Optional.of(row));
    }

    /** Takes the row away if it is of an ended execution. */
    void remove(ExecutionKey key) {
      add(key, Optional.empty());
    }

    private void add(ExecutionKey key, Optional<Summary> row) {
      if (isOwned.test(key)) {
        writes.put(key.text(), row);
        if (writes.size() >= BATCH) {
          write();
        }
      }
    }

    void write() {
      if (writes.isEmpty() || !open) {
        return;
      }
      var written = writes;
      // A new one, since operations may still look into the old one after a failure.
      writes = new HashMap<>();
      CompletableFuture<Void> answer =
          rows.submitToKeys(written.keySet(), new SummaryWrite(written))
              .toCompletableFuture()
              .thenAccept(unused -> {})
              // Operations to a member that hangs stay unanswered for minutes.
              .orTimeout(WRITE_SECONDS_MAX, TimeUnit.SECONDS);
      underWay = answer;
      try {
        answer.join();
      } catch (CompletionException e) {
        // Partitions under way to other members, which write these rows anew.
        LOG.debug("{} rows for SQL were not all written", written.size(), e);
      }
    }
  }

  /** Returns when nothing more is written. */
  @Override
  public void close() {
    open = false;
    LockSupport.unpark(thread);
    // Whoever owns the executions next writes their rows anew: no reason to be late for it.
    underWay.completeOnTimeout(null, CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
