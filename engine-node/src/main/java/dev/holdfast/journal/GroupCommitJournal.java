package dev.holdfast.journal;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits whatever has gathered while the commit before was under way: the slower the disk, the
 * larger the batches, and none waits when nothing is under way. Between commits it lets the store
 * do its upkeep.
 *
 * <p>While the store refuses (disk full), the batch is kept and tried again every 100 ms to 1 s,
 * and nobody is acknowledged.
 */
public final class GroupCommitJournal implements Journal {
  /** Entries of one commit, at most: bounds how long the first of them waits for the last. */
  static final int BATCH_ENTRIES_MAX = 1024;

  /** Encoded bytes of one commit, about at most. */
  static final long BATCH_BYTES_MAX = 8L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(GroupCommitJournal.class);
  private static final long RETRY_NANOS_MIN = Duration.ofMillis(100).toNanos();
  private static final long RETRY_NANOS_MAX = Duration.ofSeconds(1).toNanos();

  /** So long without an entry before upkeep gets a commit of its own; it would delay an entry. */
  private static final long QUIET_NANOS = Duration.ofMillis(5).toNanos();

  private static final long NO_COMMIT = Long.MIN_VALUE;

  private static final long UPKEEP_NANOS = Duration.ofMillis(200).toNanos();

  /** How long {@link #close} goes on trying to write what has gathered. */
  private static final long CLOSE_NANOS_MAX = Duration.ofSeconds(10).toNanos();

  private final StateStore store;
  private final InstantSource clock;
  private final DurableFeed feed;
  private final Releases releases;
  private final ConcurrentLinkedQueue<JournalEntry> gathered = new ConcurrentLinkedQueue<>();
  private final AtomicInteger backlog = new AtomicInteger();
  private final AtomicBoolean parked = new AtomicBoolean();
  private final Thread writer;

  /** When the commit under way was begun, by {@code nanoTime}; {@link #NO_COMMIT}: none is. */
  private volatile long commitSinceNanos = NO_COMMIT;

  private volatile boolean healthy = true;
  private volatile boolean closing;
  private volatile boolean stopped;
  private volatile long closeDeadlineNanos;
  private volatile JournalStats stats = new JournalStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  private boolean upkeepFails;

  /**
   * Begins to write.
   *
   * @param store written by this journal alone; stays open when the journal is closed
   * @param listener told of what has become durable
   * @param copies told of what has been committed for other members
   * @param clock for what upkeep is due
   */
  public GroupCommitJournal(
      StateStore store, DurableListener listener, CopyListener copies, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    this.feed = new DurableFeed(listener);
    this.releases = new Releases(feed, copies);
    this.writer = Thread.ofPlatform().name("holdfast-journal").daemon().start(this::run);
  }

  @Override
  public void append(JournalEntry entry) {
    backlog.incrementAndGet();
    gathered.add(entry);
    wake();
    if (stopped) {
      refuseLeft();
    }
  }

  /** What comes when nobody writes any more. */
  private void refuseLeft() {
    for (JournalEntry left = gathered.poll(); left != null; left = gathered.poll()) {
      backlog.decrementAndGet();
      left.fail(new StoreException("the journal has been closed"));
    }
  }

  @Override
  public void expect(JournalEntry entry) {
    releases.expect(entry);
  }

  @Override
  public void confirmed(long[] ids) {
    releases.confirmed(ids);
  }

  @Override
  public List<JournalEntry> unconfirmed() {
    return releases.unconfirmed();
  }

  @Override
  public void failUnconfirmed(Predicate<JournalEntry.Content> lost, Throwable cause) {
    releases.fail(lost, cause);
  }

  @Override
  public CompletableFuture<Void> told() {
    return releases.told();
  }

  @Override
  public boolean isHealthy() {
    return healthy;
  }

  @Override
  public int backlog() {
    return backlog.get();
  }

  /**
   * How long the oldest entry has been waiting for its commit, tries that failed included, in ns; 0
   * when none waits. What it waited before it was gathered, at most one commit, is not in it.
   */
  public long oldestWaitingNanos() {
    long since = commitSinceNanos;
    return since == NO_COMMIT ? 0 : Math.max(0, System.nanoTime() - since);
  }

  /** Entries that wait for the backup's disk. */
  public int unconfirmedCount() {
    return releases.unconfirmedCount();
  }

  /** What has been done so far; as of the newest commit. */
  public JournalStats stats() {
    JournalStats s = stats;
    return new JournalStats(
        s.entries(),
        s.events(),
        s.payloadBytes(),
        s.commits(),
        s.batchMax(),
        s.commitNanos(),
        s.commitNanosMax(),
        s.failedCommits(),
        s.fenced(),
        backlog.get());
  }

  private void wake() {
    if (parked.get() && parked.compareAndSet(true, false)) {
      LockSupport.unpark(writer);
    }
  }

  /** Waits for an entry or so long, whichever is first. */
  private void await(long nanos) {
    parked.set(true);
    if (gathered.isEmpty() && !closing) {
      LockSupport.parkNanos(this, nanos);
    }
    parked.set(false);
  }

  private void run() {
    var batch = new ArrayList<JournalEntry>();
    while (true) {
      gather(batch);
      if (!batch.isEmpty()) {
        write(batch);
        batch.clear();
      } else if (closing) {
        return;
      } else {
        idle();
      }
    }
  }

  private void gather(List<JournalEntry> batch) {
    long bytes = 0;
    while (batch.size() < BATCH_ENTRIES_MAX && bytes < BATCH_BYTES_MAX) {
      JournalEntry entry = gathered.poll();
      if (entry == null) {
        return;
      }
      batch.add(entry);
      bytes += entry.content().payload().length;
    }
  }

  private void idle() {
    await(QUIET_NANOS);
    boolean more = true;
    while (more && gathered.isEmpty() && !closing) {
      more = upkeep();
    }
    if (!more) {
      await(UPKEEP_NANOS);
    }
  }

  private boolean upkeep() {
    try {
      boolean more = store.maintain(clock.instant());
      upkeepFails = false;
      return more;
    } catch (RuntimeException e) {
      if (!upkeepFails) {
        LOG.warn("The {} store's upkeep fails and is tried again: {}", store.kind(), e.toString());
      }
      upkeepFails = true;
      return false;
    }
  }

  private void write(List<JournalEntry> batch) {
    commitSinceNanos = System.nanoTime();
    long took = commit(batch);
    commitSinceNanos = NO_COMMIT;
    backlog.addAndGet(-batch.size());
    if (took < 0) {
      var cause = new StoreException("the store took nothing more before the node was closed");
      batch.forEach(entry -> entry.fail(cause));
      return;
    }
    count(batch, took);
    releases.committed(batch);
  }

  /** The commit's duration in ns; -1 when the journal was closed before the store took it. */
  private long commit(List<JournalEntry> batch) {
    for (long pause = RETRY_NANOS_MIN; ; pause = Math.min(pause * 2, RETRY_NANOS_MAX)) {
      long begun = System.nanoTime();
      try {
        store.append(batch);
        if (!healthy) {
          LOG.info("The {} store takes commits again; {} entries wait", store.kind(), backlog());
        }
        healthy = true;
        return System.nanoTime() - begun;
      } catch (RuntimeException e) {
        if (healthy) {
          LOG.error(
              "The {} store refuses commits; nothing is acknowledged until it takes them again",
              store.kind(),
              e);
        }
        healthy = false;
        countFailure();
      }
      long until = System.nanoTime() + pause;
      while (until - System.nanoTime() > 0) {
        if (closing && closeDeadlineNanos - System.nanoTime() < 0) {
          return -1;
        }
        LockSupport.parkNanos(this, Math.max(1, until - System.nanoTime()));
      }
    }
  }

  private void count(List<JournalEntry> batch, long took) {
    long entries = 0;
    long events = 0;
    long bytes = 0;
    for (JournalEntry entry : batch) {
      if (entry.hasFailed()) {
        continue;
      }
      entries++;
      JournalEntry.Content content = entry.content();
      events += content.events().size();
      bytes += content.payload().length;
    }
    JournalStats s = stats;
    stats =
        new JournalStats(
            s.entries() + entries,
            s.events() + events,
            s.payloadBytes() + bytes,
            s.commits() + 1,
            Math.max(s.batchMax(), batch.size()),
            s.commitNanos() + took,
            Math.max(s.commitNanosMax(), took),
            s.failedCommits(),
            s.fenced() + batch.size() - entries,
            0);
  }

  private void countFailure() {
    JournalStats s = stats;
    stats =
        new JournalStats(
            s.entries(),
            s.events(),
            s.payloadBytes(),
            s.commits(),
            s.batchMax(),
            s.commitNanos(),
            s.commitNanosMax(),
            s.failedCommits() + 1,
            s.fenced(),
            0);
  }

  @Override
  public void close() {
    closeDeadlineNanos = System.nanoTime() + CLOSE_NANOS_MAX;
    closing = true;
    LockSupport.unpark(writer);
    Joining.join(writer);
    stopped = true;
    refuseLeft();
    feed.close();
  }
}
