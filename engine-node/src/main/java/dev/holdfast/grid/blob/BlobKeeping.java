package dev.holdfast.grid.blob;

import dev.holdfast.grid.Epochs;
import dev.holdfast.grid.Replicas;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.journal.blob.BlobStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member's part in keeping blobs: takes them in and gives them out, and clears them away. */
public final class BlobKeeping implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BlobKeeping.class);
  private static final Duration SWEEP_EVERY_MAX = Duration.ofHours(1);
  private static final Duration SWEEP_EVERY_MIN = Duration.ofMillis(100);

  private static final long SPREAD_LOOK_MILLIS = 500;

  /** So many sweeps come within the time that unused blobs stay. */
  private static final int SWEEPS_A_GRACE = 4;

  private final Blobs blobs;
  private final BlobStats stats;
  private final Runnable spreading;
  private final BlobStore store;
  private final BlobSettings settings;
  private final InstantSource clock;
  private final BooleanSupplier sweeps;
  private final Sweep sweep;
  private final ScheduledThreadPoolExecutor schedule;

  private BlobKeeping(
      BlobStore store,
      BlobSettings settings,
      Users users,
      BooleanSupplier sweeps,
      InstantSource clock,
      BlobStats stats,
      Holders holders,
      Runnable spreading) {
    this.store = store;
    this.settings = settings;
    this.clock = clock;
    this.sweeps = sweeps;
    this.stats = stats;
    this.spreading = spreading;
    this.sweep = new Sweep(store, users);
    this.blobs = new Blobs(store, holders, settings, clock, stats);
    this.schedule =
        new ScheduledThreadPoolExecutor(
            2, task -> Thread.ofPlatform().daemon().name("holdfast-blobs").unstarted(task));
  }

  /**
   * Of a member whose store is the only one, or one that all share.
   *
   * @param sweeps whether it is this member's turn to clear away
   */
  public static BlobKeeping ofOneStore(
      BlobStore store,
      BlobSettings settings,
      Users users,
      BooleanSupplier sweeps,
      InstantSource clock) {
    return new BlobKeeping(
        store, settings, users, sweeps, clock, new BlobStats(), new OneStore(store), () -> {});
  }

  /**
   * Of a member with a disk of its own in a cluster of several. Answers the others from here on.
   *
   * @param users of executions that this member owns
   * @param sweeps whether the member takes part in the cluster
   */
  public static BlobKeeping ofCluster(
      BlobStore store,
      BlobSettings settings,
      Users users,
      BooleanSupplier sweeps,
      InstantSource clock,
      Peers peers,
      Replicas replicas,
      Epochs epochs) {
    var stats = new BlobStats();
    var blobPeers = new BlobPeers(store, peers, stats);
    var spreading = new Spreading(store, blobPeers, replicas, epochs, settings.copyAfter(), stats);
    return new BlobKeeping(
        store,
        settings,
        new ClusterUsers(peers, replicas, users),
        sweeps,
        clock,
        stats,
        new OwnDisks(store, blobPeers, new Homes(replicas)),
        spreading::look);
  }

  /** Begins to clear away, and to bring blobs where they belong. */
  public void start() {
    Duration every = settings.grace().dividedBy(SWEEPS_A_GRACE);
    every = every.compareTo(SWEEP_EVERY_MAX) > 0 ? SWEEP_EVERY_MAX : every;
    every = every.compareTo(SWEEP_EVERY_MIN) < 0 ? SWEEP_EVERY_MIN : every;
    schedule.scheduleWithFixedDelay(
        this::sweep, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    schedule.scheduleWithFixedDelay(
        this::spread, SPREAD_LOOK_MILLIS, SPREAD_LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void spread() {
    try {
      if (sweeps.getAsBoolean()) {
        spreading.run();
      }
    } catch (RuntimeException e) {
      LOG.warn("Blobs could not be brought where they belong; tried again", e);
    }
  }

  private void sweep() {
    try {
      if (sweeps.getAsBoolean()) {
        Instant before = clock.instant().minus(settings.grace());
        int removed = sweep.run(before);
        stats.removed(removed);
        if (removed > 0) {
          LOG.info("{} blobs that no execution refers to were removed", removed);
        }
      }
    } catch (RuntimeException e) {
      // Nothing is lost by what stays for longer.
      LOG.warn("Blobs could not be cleared away; tried again later", e);
    }
  }

  /** What the ways in use. */
  public Blobs blobs() {
    return blobs;
  }

  /** Counts, for metrics. */
  public BlobStats stats() {
    return stats;
  }

  /** What this member's store has. */
  public BlobStore.Totals totals() {
    return store.totals();
  }

  @Override
  public void close() {
    schedule.shutdownNow();
  }
}
