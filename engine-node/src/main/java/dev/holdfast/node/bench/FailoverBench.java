package dev.holdfast.node.bench;

import dev.holdfast.client.HoldfastClient;
import dev.holdfast.node.bench.cluster.BenchMember;
import dev.holdfast.node.bench.cluster.Owners;
import dev.holdfast.node.bench.load.Load;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long work stands still when a member dies: under load a member is killed, and measured is how
 * long it takes until the first execution that was under way on it, and all of them, have ended on
 * another. Then the member is started again.
 */
final class FailoverBench {
  private static final long AFFECTED_WAIT_SECONDS_MAX = 60;

  /** Load between two kills, so that each begins from rest. */
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(3);

  /**
   * What was measured.
   *
   * @param firstMs kill until the first end of an affected execution
   * @param allMs kill until the last one's
   * @param lost acknowledged starts that did not end
   * @param duplicated handler calls beyond one a task: attempts whose push died with the member
   * @param slowestStartMs start call until its acknowledgement, retries inside the client included
   */
  record Report(
      int members,
      String store,
      int kills,
      Map<String, Object> firstMs,
      Map<String, Object> allMs,
      int affected,
      int completed,
      int failed,
      int lost,
      int duplicated,
      int calls,
      int failedCalls,
      double slowestStartMs,
      double slowestViewMs,
      List<String> failures) {}

  private final UnderLoad bench;
  private final Random random;

  private final List<Long> first = new ArrayList<>();
  private final List<Long> all = new ArrayList<>();
  private int affectedInAll;

  FailoverBench(UnderLoad bench, long seed) {
    this.bench = bench;
    this.random = new Random(seed);
  }

  Report run(Path folder, int kills) throws InterruptedException {
    int members = bench.layout().members();
    UnderLoad.Seen seen =
        bench.run(
            folder,
            (cluster, load, holdfast) -> {
              try (var owners = new Owners(cluster)) {
                for (int kill = 1; kill <= kills; kill++) {
                  LockSupport.parkNanos(PAUSE_NANOS);
                  BenchMember victim = cluster.members().get(random.nextInt(members));
                  String took = kill(victim, load, owners, holdfast);
                  victim.start();
                  cluster.awaitReady(members);
                  bench.progress().printf("kill %d of %d: %s%n", kill, kills, took);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
              }
            });
    Load load = seen.load();
    return new Report(
        members,
        bench.layout().store(),
        kills,
        Spread.of(first),
        Spread.of(all),
        affectedInAll,
        load.completed(),
        load.failed(),
        seen.lost(),
        seen.duplicated(),
        load.calls(),
        load.failedCalls(),
        load.starts().maxMillis(),
        load.views().maxMillis(),
        load.failures());
  }

  private String kill(BenchMember victim, Load load, Owners owners, HoldfastClient holdfast) {
    Map<String, CompletableFuture<Long>> affected = new LinkedHashMap<>();
    for (String execution : load.underWay()) {
      if (victim.address().equals(owners.of(execution))) {
        affected.put(execution, load.follow(execution));
      }
    }
    long killedNanos = System.nanoTime();
    victim.strike();
    Instant dead = Instant.now();
    victim.kill();
    try {
      CompletableFuture.allOf(affected.values().toArray(CompletableFuture<?>[]::new))
          .orTimeout(AFFECTED_WAIT_SECONDS_MAX, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      return "not all of the %d affected have ended".formatted(affected.size());
    } finally {
      load.unfollow();
    }
    // Some had ended before the member was dead: their news was on its way.
    List<Long> afterwards =
        affected.entrySet().stream()
            .sorted(Comparator.comparing(entry -> entry.getValue().join()))
            .filter(entry -> hasEndedAfter(dead, holdfast, entry.getKey()))
            .map(entry -> TimeUnit.NANOSECONDS.toMillis(entry.getValue().join() - killedNanos))
            .toList();
    if (afterwards.isEmpty()) {
      return "none of %d ended after its death".formatted(affected.size());
    }
    affectedInAll += afterwards.size();
    first.add(afterwards.getFirst());
    all.add(afterwards.getLast());
    return "%d affected, the first ended after %d ms, the last after %d ms"
        .formatted(afterwards.size(), afterwards.getFirst(), afterwards.getLast());
  }

  private static boolean hasEndedAfter(Instant moment, HoldfastClient holdfast, String execution) {
    Instant ended = holdfast.execution(execution).view().endedAt();
    return ended != null && ended.isAfter(moment);
  }
}
