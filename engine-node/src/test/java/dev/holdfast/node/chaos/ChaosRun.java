package dev.holdfast.node.chaos;

import dev.holdfast.node.chaos.cluster.ClusterProcess;
import dev.holdfast.node.chaos.cluster.LoopbackLinks;
import dev.holdfast.node.chaos.cluster.MemberProcess;
import dev.holdfast.node.chaos.history.Answer;
import dev.holdfast.node.chaos.history.Asked;
import dev.holdfast.node.chaos.history.HistoryChecker;
import dev.holdfast.node.chaos.history.Recorded;
import dev.holdfast.node.chaos.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A cluster under load whose faults are held against it. Data and logs are in {@code
 * target/chaos/NAME}, and stay there when the run fails. {@code -Dholdfast.chaos.seed=…} gives the
 * faults of an earlier run.
 */
final class ChaosRun implements AutoCloseable {
  private static final Duration START_WAIT_MAX = Duration.ofSeconds(60);
  private static final Duration END_WAIT_MAX = Duration.ofSeconds(90);
  private static final Duration LOAD_WAIT_MAX = Duration.ofSeconds(60);
  private static final long LOOK_EVERY_NANOS = Duration.ofMillis(100).toNanos();
  private static final int VIOLATIONS_SHOWN_MAX = 30;

  private final long seed =
      Long.getLong("holdfast.chaos.seed", ThreadLocalRandom.current().nextInt(1_000_000));
  private final Random random = new Random(seed);
  private final Path folder;
  private final ClusterProcess cluster;
  private final Workload workload;
  private boolean passed;

  /**
   * Starts the cluster and the load.
   *
   * @param running executions at a time
   * @param further arguments of {@code holdfast server}
   */
  ChaosRun(String name, int size, int running, String... further) throws IOException {
    folder = Path.of("target", "chaos", name).toAbsolutePath();
    delete(folder);
    cluster = new ClusterProcess(folder, size, new LoopbackLinks(), List.of(further));
    try {
      cluster.startAll();
      cluster.awaitReady(START_WAIT_MAX);
      workload = new Workload(cluster, running);
    } catch (RuntimeException e) {
      cluster.close();
      throw new IllegalStateException(name + " does not begin; logs in " + folder, e);
    }
  }

  ClusterProcess cluster() {
    return cluster;
  }

  Workload workload() {
    return workload;
  }

  /** Seeded. */
  Random random() {
    return random;
  }

  long seed() {
    return seed;
  }

  /** Goes on until so many completions were acknowledged, or until that has taken too long. */
  private void awaitCompletions(int completions) {
    long end = System.nanoTime() + LOAD_WAIT_MAX.toNanos();
    while (completions() < completions && System.nanoTime() < end) {
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  private long completions() {
    return workload.recorded().count(Asked.Complete.class, Answer.OK);
  }

  /**
   * Ends the load, waits for every execution's end, and checks what the members then show, and what
   * is on their disks, against what clients saw.
   *
   * @param completions acknowledged ones that there must be, or the run says nothing
   * @throws AssertionError saying what is wrong
   */
  void check(int completions, List<String> log) throws IOException {
    try {
      awaitCompletions(completions);
      workload.finish(END_WAIT_MAX);
      Recorded recorded = workload.recorded();
      FinalHistories histories = FinalHistories.read(cluster, recorded.asked());
      var wrong = new ArrayList<>(HistoryChecker.check(recorded, histories.byExecution()));
      wrong.addAll(histories.wrong());
      if (completions() < completions) {
        wrong.add("inconclusive: only " + completions() + " completions were acknowledged");
      }
      workload.close();
      for (MemberProcess member : cluster.running()) {
        int code = member.terminate();
        if (code != 0) {
          wrong.add(member + " exited with " + code + " after SIGTERM");
        }
      }
      wrong.addAll(disks(histories));
      if (!wrong.isEmpty()) {
        throw failure(wrong, log);
      }
      passed = true;
    } catch (IllegalStateException e) {
      throw new AssertionError(describe(log), e);
    }
  }

  private List<String> disks(FinalHistories histories) {
    var disks = new DiskCheck(histories.byExecution());
    cluster.members().forEach(member -> disks.read(member.data()));
    return disks.wrong();
  }

  private AssertionError failure(List<String> wrong, List<String> log) {
    return new AssertionError(
        "%d violations: %s%n%s"
            .formatted(
                wrong.size(),
                String.join(
                    System.lineSeparator(), wrong.stream().limit(VIOLATIONS_SHOWN_MAX).toList()),
                describe(log)));
  }

  private String describe(List<String> log) {
    return "seed %d, logs in %s, faults: %s".formatted(seed, folder, log);
  }

  @Override
  public void close() throws IOException {
    workload.close();
    cluster.close();
    if (passed) {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
