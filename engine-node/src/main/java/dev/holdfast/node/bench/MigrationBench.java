package dev.holdfast.node.bench;

import dev.holdfast.client.HoldfastClient;
import dev.holdfast.node.bench.cluster.BenchCluster;
import dev.holdfast.node.bench.cluster.BenchCluster.Layout;
import dev.holdfast.node.bench.cluster.BenchMember;
import dev.holdfast.node.bench.load.IdleExecutions;
import dev.holdfast.node.bench.load.Latencies;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * How long it takes a member that joins to get its share of executions that do nothing, and how
 * long answers take meanwhile.
 */
final class MigrationBench {
  private static final Duration MIGRATION_MAX = Duration.ofMinutes(10);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int VIEWS_AT_ONCE = 200;

  /** A member's share may be so much smaller than an even one: partitions differ in size. */
  private static final double SHARE_LEAST = 0.8;

  private static final long SEED = 42;

  /**
   * What was measured.
   *
   * @param joinMs for each member that joined: its process' start until it owned its share and all
   *     members were ready
   * @param migrationMs of that, from the first execution that it owned
   * @param viewMs looks at one execution after the other, meanwhile
   * @param sweepMs looks at all of them afterwards, in all
   * @param unanswered of those, and of the looks meanwhile
   */
  record Report(
      int executions,
      String store,
      int members,
      List<Long> joinMs,
      List<Long> migrationMs,
      Map<String, Double> viewMs,
      long sweepMs,
      int unanswered,
      List<Long> owned,
      List<Double> memberRssMiB) {}

  private final Path home;
  private final Layout layout;
  private final PrintWriter progress;
  private final Latencies views = new Latencies();
  private final AtomicInteger unanswered = new AtomicInteger();
  private volatile boolean looking = true;

  /**
   * @param layout of which the first member starts alone
   */
  MigrationBench(Path home, Layout layout, PrintWriter progress) {
    this.home = home;
    this.layout = layout;
    this.progress = progress;
  }

  Report run(Path folder, int executions) throws InterruptedException {
    List<Long> joins = new ArrayList<>();
    List<Long> migrations = new ArrayList<>();
    try (var cluster = new BenchCluster(home, folder, layout)) {
      List<BenchMember> members = cluster.members();
      members.getFirst().start();
      cluster.awaitReady(1);
      try (var holdfast = cluster.connect()) {
        List<String> ids = IdleExecutions.fill(holdfast, executions, progress);
        Thread looks = Thread.ofPlatform().start(() -> keepLooking(holdfast, ids));
        for (int joining = 1; joining < members.size(); joining++) {
          join(cluster, joining, executions, joins, migrations);
        }
        looking = false;
        looks.join();
        long sweepMillis = sweep(holdfast, ids);
        return new Report(
            executions,
            layout.store(),
            members.size(),
            joins,
            migrations,
            views.toMap(),
            sweepMillis,
            unanswered.get(),
            members.stream().map(BenchMember::owned).toList(),
            members.stream().map(member -> member.residentBytes() / (double) (1 << 20)).toList());
      }
    }
  }

  private void join(
      BenchCluster cluster, int joining, int executions, List<Long> joins, List<Long> migrations) {
    BenchMember member = cluster.members().get(joining);
    long share = (long) (SHARE_LEAST * executions / (joining + 1));
    long begunNanos = System.nanoTime();
    member.start();
    await(() -> member.owned() > 0);
    long firstNanos = System.nanoTime();
    await(() ->
        cluster.members().subList(0, joining + 1).stream().allMatch(each -> each.owned() >= share));
    cluster.awaitReady(joining + 1);
    long endNanos = System.nanoTime();
    joins.add(TimeUnit.NANOSECONDS.toMillis(endNanos - begunNanos));
    migrations.add(TimeUnit.NANOSECONDS.toMillis(endNanos - firstNanos));
    progress.printf(
        "member %d has its share after %d ms, %d ms of which it was given executions%n",
        joining, joins.getLast(), migrations.getLast());
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(Condition condition) {
    long deadline = System.nanoTime() + MIGRATION_MAX.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("no even split after " + MIGRATION_MAX);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void keepLooking(HoldfastClient holdfast, List<String> ids) {
    var random = new Random(SEED);
    while (looking) {
      long begunNanos = System.nanoTime();
      try {
        holdfast.execution(ids.get(random.nextInt(ids.size()))).view();
      } catch (RuntimeException e) {
        unanswered.incrementAndGet();
        progress.printf("no answer: %s%n", e);
      }
      views.recordNanos(System.nanoTime() - begunNanos);
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** Looks at each execution once; how long that took, in milliseconds. */
  private long sweep(HoldfastClient holdfast, List<String> ids) throws InterruptedException {
    var slots = new Semaphore(VIEWS_AT_ONCE);
    long begunNanos = System.nanoTime();
    for (String id : ids) {
      slots.acquire();
      holdfast
          .execution(id)
          .viewAsync()
          .whenComplete((view, failure) -> {
            if (failure != null) {
              unanswered.incrementAndGet();
            }
            slots.release();
          });
    }
    slots.acquire(VIEWS_AT_ONCE);
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos);
  }
}
