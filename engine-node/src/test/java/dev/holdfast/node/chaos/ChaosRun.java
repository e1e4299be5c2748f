package dev.holdfast.node.chaos;

import static java.util.stream.Collectors.toList;

import dev.holdfast.node.chaos.cluster.Links;
import dev.holdfast.node.chaos.cluster.LoopbackLinks;
import dev.holdfast.node.chaos.cluster.MemberProcess;
import dev.holdfast.node.chaos.cluster.ProcessCluster;
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
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster under load whose faults are held against it. Data and logs are in {@code
 * target/chaos/NAME}, and stay there when the run fails. {@code -Dholdfast.chaos.seed=…} gives the
 * faults of an earlier run.
 */
final class ChaosRun implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChaosRun.class);
  private static final Duration START_WAIT_MAX = Duration.ofMinutes(3);
  private static final Duration END_WAIT_MAX = Duration.ofMinutes(3);
  private static final Duration LOAD_WAIT_MAX = Duration.ofSeconds(60);
  private static final long LOOK_EVERY_NANOS = Duration.ofMillis(100).toNanos();
  private static final int KINDS_SHOWN_MAX = 30;

  private final long seed =
      Long.getLong("holdfast.chaos.seed", ThreadLocalRandom.current().nextInt(1_000_000));
  private final Random random = new Random(seed);
  private final Path folder;
  private final Storage storage;
  private final ProcessCluster cluster;
  private @Nullable Workload workload;
  private boolean passed;

  /**
   * Lays out a cluster; nothing is started.
   *
   * @param size members expected
   * @param storage closed with the run
   */
  ChaosRun(String name, int size, Links links, Storage storage) throws IOException {
    this.storage = storage;
    folder = Path.of("target", "chaos", name).toAbsolutePath();
    delete(folder);
    cluster = new ProcessCluster(folder, size, links, storage.arguments(), storage.environment());
  }

  /** Starts all members and the load on them. */
  static ChaosRun begin(String name, int size, int running, Storage storage) throws IOException {
    var run = new ChaosRun(name, size, new LoopbackLinks(), storage);
    try {
      run.cluster.startAll();
      run.cluster.awaitReady(START_WAIT_MAX);
      run.load(running);
      return run;
    } catch (RuntimeException e) {
      run.close();
      throw new IllegalStateException(name + " does not begin; logs in " + run.folder, e);
    }
  }

  /** Begins the load on a cluster that is ready. {@code running}: executions at a time. */
  Workload load(int running) {
    var begun = new Workload(cluster, running);
    workload = begun;
    return begun;
  }

  ProcessCluster cluster() {
    return cluster;
  }

  Workload workload() {
    return Objects.requireNonNull(workload, "the load has not begun");
  }

  /** Seeded. */
  Random random() {
    return random;
  }

  long seed() {
    return seed;
  }

  /** Goes on until so many completions were acknowledged, or until that has taken too long. */
  void awaitCompletions(long completions) {
    long end = System.nanoTime() + LOAD_WAIT_MAX.toNanos();
    while (completions() < completions && System.nanoTime() < end) {
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  /** Results that were acknowledged so far. */
  long completions() {
    return workload().recorded().count(Asked.Complete.class, Answer.OK);
  }

  /**
   * Ends the load, waits for every execution's end, and checks what the members then show, and what
   * is on their disks, against what clients saw.
   *
   * @param completions acknowledged ones that there must be, with some of all else, or the run says
   *     nothing
   * @throws AssertionError saying what is wrong
   */
  void check(int completions, List<String> log) throws IOException {
    var wrong = new ArrayList<String>();
    awaitCompletions(completions);
    try {
      workload().finish(END_WAIT_MAX);
    } catch (IllegalStateException e) {
      cluster.dumpThreads();
      wrong.add(e.getMessage());
    }
    Recorded recorded = workload().recorded();
    FinalHistories histories = FinalHistories.read(cluster, recorded.executions());
    var figures = Figures.of(recorded, histories.byExecution());
    LOG.info("seed {}: {}, faults: {}", seed, figures, log);
    List<String> few = figures.tooFew(completions);
    if (!few.isEmpty()) {
      wrong.add("inconclusive: too few %s in %s".formatted(few, figures));
    }
    wrong.addAll(HistoryChecker.check(recorded, histories.byExecution()));
    wrong.addAll(histories.wrong());
    workload().close();
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
  }

  private List<String> disks(FinalHistories histories) {
    var disks = new DiskCheck(histories.byExecution());
    storage.read(cluster, disks);
    return disks.wrong();
  }

  private AssertionError failure(List<String> wrong, List<String> log) throws IOException {
    Path all = folder.resolve("violations.txt");
    Files.write(all, wrong);
    Map<String, List<String>> kinds =
        wrong.stream()
            .collect(
                Collectors.groupingBy(
                    text -> text.replaceAll("[0-9]+", "0"), TreeMap::new, toList()));
    String shown =
        kinds.values().stream()
            .sorted(Comparator.comparing(List::size))
            .limit(KINDS_SHOWN_MAX)
            .map(kind -> "%d × %s".formatted(kind.size(), kind.getFirst()))
            .collect(Collectors.joining(System.lineSeparator()));
    return new AssertionError(
        "%d violations, all of them in %s:%n%s%n%s"
            .formatted(wrong.size(), all, shown, describe(log)));
  }

  /** What is needed to find the cause of a failure. */
  String describe(List<String> log) {
    return "seed %d, logs in %s, faults: %s".formatted(seed, folder, log);
  }

  @Override
  public void close() throws IOException {
    if (workload != null) {
      workload.close();
    }
    cluster.close();
    storage.close();
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
