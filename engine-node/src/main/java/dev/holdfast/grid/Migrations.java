package dev.holdfast.grid;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.partition.MigrationListener;
import com.hazelcast.partition.MigrationState;
import com.hazelcast.partition.PartitionLostListener;
import com.hazelcast.partition.ReplicaMigrationEvent;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The moves of partitions in the whole cluster, as this member hears of them. One run moves many
 * partitions. A hint for people: what the engine does follows from who owns what, not from these.
 * Thread-safe.
 */
public final class Migrations {
  /** Copies of an execution beside its owner's; fewer losses are what backups are for. */
  private static final int BACKUPS = 1;

  private final InstantSource clock;
  private final LongAdder runs = new LongAdder();
  private final LongAdder runMillis = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder losses = new LongAdder();
  private final AtomicInteger remaining = new AtomicInteger();

  private Migrations(InstantSource clock) {
    this.clock = clock;
  }

  static Migrations watch(HazelcastInstance hazelcast, InstantSource clock) {
    var migrations = new Migrations(clock);
    var partitions = hazelcast.getPartitionService();
    partitions.addMigrationListener(migrations.new Moves());
    PartitionLostListener lost =
        event -> {
          if (event.getLostBackupCount() >= BACKUPS) {
            migrations.losses.increment();
          }
        };
    partitions.addPartitionLostListener(lost);
    return migrations;
  }

  /** Runs that have ended. */
  public long runs() {
    return runs.sum();
  }

  /** How long those took, in ms. */
  public long runMillis() {
    return runMillis.sum();
  }

  /** Partitions that the run under way still has to move; 0: none is under way. */
  public int remaining() {
    return remaining.get();
  }

  /** Moves that failed; Hazelcast plans them again. */
  public long failures() {
    return failures.sum();
  }

  /** Partitions of which owner and backup were lost at once; the store has what was in them. */
  public long losses() {
    return losses.sum();
  }

  private final class Moves implements MigrationListener {
    @Override
    public void migrationStarted(MigrationState state) {
      remaining.set(state.getPlannedMigrations());
    }

    @Override
    public void migrationFinished(MigrationState state) {
      remaining.set(0);
      runs.increment();
      runMillis.add(Math.max(0, clock.millis() - state.getStartTime()));
    }

    @Override
    public void replicaMigrationCompleted(ReplicaMigrationEvent event) {
      remaining.set(event.getMigrationState().getRemainingMigrations());
    }

    @Override
    public void replicaMigrationFailed(ReplicaMigrationEvent event) {
      remaining.set(event.getMigrationState().getRemainingMigrations());
      failures.increment();
    }
  }
}
