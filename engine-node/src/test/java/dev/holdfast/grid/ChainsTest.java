package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.core.Command;
import dev.holdfast.core.Decider;
import dev.holdfast.core.Decision;
import dev.holdfast.core.Evolver;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.ChainStore;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.codec.EntryEncoder;
import dev.holdfast.journal.sqlite.SqliteStateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members with a disk of their own each, which are stopped, lose it, or come back with it. */
class ChainsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TWO_STEPS =
      "name: steps\ntasks:\n  first: { agent: doer }\n  second: { agent: doer, needs: [first] }\n";

  @TempDir Path folder = Path.of("");

  private final IntFunction<StateStore> disks =
      place -> new SqliteStateStore(made(disk(place)).resolve("test.db"), InstantSource.system());

  private Path disk(int place) {
    return folder.resolve("disk-" + place);
  }

  private static Path made(Path disk) {
    try {
      return Files.createDirectories(disk);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void loseDisk(int place) throws IOException {
    try (Stream<Path> files = Files.list(disk(place))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  /** What clients were told of executions: the last hash of each. */
  private final Map<String, byte[]> told = new HashMap<>();

  private void start(TestCluster cluster, int count) {
    for (int i = 0; i < count; i++) {
      String id = "x" + told.size();
      assertThat(cluster.start(someone(cluster), "steps", id, null))
          .isInstanceOf(Outcome.Done.class);
      told.put(id, new byte[0]);
    }
  }

  private static int someone(TestCluster cluster) {
    int place = 0;
    while (!cluster.isRunning(place)) {
      place++;
    }
    return place;
  }

  /** Completes so many tasks. */
  private void work(TestCluster cluster, int count) {
    int left = count;
    while (left > 0) {
      for (int place = 0; place < cluster.size() && left > 0; place++) {
        if (!cluster.isRunning(place)) {
          continue;
        }
        for (Assignment task :
            cluster.poll(place, "doer", Math.min(left, 10), Duration.ofMillis(200))) {
          assertThat(cluster.complete(place, task, null)).isInstanceOf(Outcome.Done.class);
          left--;
        }
      }
    }
  }

  private void note(TestCluster cluster) {
    told.replaceAll((id, before) -> history(cluster, 0, id).getLast().hash());
  }

  private List<HistoryItem> history(TestCluster cluster, int place, String id) {
    return cluster.member(place).records().history(TestMember.key(id), 0, 1000);
  }

  /** Everything that was told is there, with all events from the first on, and hashes hold. */
  private void assertNothingIsLost(TestCluster cluster) {
    told.forEach((id, hash) -> {
      ExecutionState state = cluster.member(0).find(TestMember.key(id)).orElseThrow();
      Awaitility.await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .untilAsserted(() -> assertHistory(cluster, id, state, hash));
    });
  }

  private void assertHistory(TestCluster cluster, String id, ExecutionState state, byte[] told) {
    List<HistoryItem> history = history(cluster, 1, id);
    assertThat(history.getFirst().seq()).isEqualTo(1);
    assertThat(history.getLast().seq()).isEqualTo(state.seq());
    assertThat(history).anyMatch(item -> Arrays.equals(item.hash(), told));
    byte[] previous = EntryEncoder.genesis();
    for (HistoryItem item : history) {
      previous =
          EntryEncoder.encode(
                  TestMember.key(id),
                  item.seq(),
                  item.epoch(),
                  item.at(),
                  List.of(item.event()),
                  previous,
                  state)
              .content()
              .hash();
      assertThat(item.hash()).isEqualTo(previous);
    }
  }

  /** Each disk has the whole chains of what its member owns and backs up, and nothing else. */
  private void awaitSettled(TestCluster cluster) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(250))
        .untilAsserted(() -> {
          for (GridEngine member : cluster.running()) {
            var replicas = new Replicas(member.hazelcast());
            var store = (ChainStore) member.store();
            for (String id : told.keySet()) {
              ExecutionKey key = TestMember.key(id);
              int partition = replicas.partitionOf(key.text());
              @Nullable ChainHead head = store.head(key).orElse(null);
              boolean keeper = replicas.isOwned(partition) || replicas.isBackedUpHere(partition);
              assertThat(head != null).as("%s on a disk", id).isEqualTo(keeper);
              assertThat(head == null || head.complete()).as("%s is complete", id).isTrue();
            }
          }
        });
  }

  private void killAll(TestCluster cluster) {
    cluster.kill(IntStream.range(0, cluster.size()).filter(cluster::isRunning).toArray());
  }

  private long count(TestCluster cluster, ExecutionStatus status) {
    return told.keySet().stream()
        .map(id -> cluster.member(0).find(TestMember.key(id)).orElseThrow())
        .filter(state -> state.status() == status)
        .count();
  }

  @Test
  void nothingIsLostWithOneDiskOfThree() throws IOException {
    try (var cluster = new TestCluster(3, disks)) {
      cluster.register("steps", TWO_STEPS);
      start(cluster, 30);
      work(cluster, 35);
      note(cluster);
      killAll(cluster);
    }
    loseDisk(1);
    try (var cluster = new TestCluster(3, disks)) {
      assertNothingIsLost(cluster);
      awaitSettled(cluster);
      work(cluster, 25);
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> count(cluster, ExecutionStatus.COMPLETED) == 30);
      note(cluster);
      killAll(cluster);
    }
    loseDisk(2);
    try (var cluster = new TestCluster(3, disks)) {
      assertNothingIsLost(cluster);
      assertThat(count(cluster, ExecutionStatus.COMPLETED)).isEqualTo(30);
      awaitSettled(cluster);
    }
  }

  /** The highest epoch under which a disk has each execution. */
  private Map<String, Long> lastEpochs() {
    var epochs = new HashMap<String, Long>();
    for (int place = 0; place < 3; place++) {
      try (StateStore store = disks.apply(place)) {
        var plans = new DefinitionRegistry(store, InstantSource.system());
        store.recover(plans, entry -> {});
        for (String id : told.keySet()) {
          ((ChainStore) store)
              .head(TestMember.key(id))
              .ifPresent(head -> epochs.merge(id, head.epoch(), Math::max));
        }
      }
    }
    return epochs;
  }

  /**
   * What cutting all members off from each other led to, right after a disk had been lost: the
   * member that had the execution from its first event on missed the next one, and then got its
   * state; the one that has that next event began with the state before.
   */
  @Test
  void beginningIsPutTogetherFromWhatStatesTookThePlaceOf() throws IOException {
    try (var cluster = new TestCluster(3, disks)) {
      cluster.register("steps", TWO_STEPS);
      start(cluster, 12);
      note(cluster);
      awaitSettled(cluster);
      killAll(cluster);
    }
    Map<String, Long> epochs = lastEpochs();
    var pause = new Command.PauseExecution("p", PauseMode.IMMEDIATE, "ann", null);
    var resume = new Command.ResumeExecution("r", "ann", null, false);
    int scattered = 0;
    try (StateStore one = disks.apply(1);
        StateStore two = disks.apply(2)) {
      var plans = new DefinitionRegistry(one, InstantSource.system());
      one.recover(plans, entry -> {});
      two.recover(plans, entry -> {});
      for (String id : told.keySet()) {
        boolean isOnOne = ((ChainStore) one).head(TestMember.key(id)).isPresent();
        boolean isOnTwo = ((ChainStore) two).head(TestMember.key(id)).isPresent();
        if (isOnOne == isOnTwo) {
          continue;
        }
        var former = (ChainStore) (isOnOne ? one : two);
        var newer = (ChainStore) (isOnOne ? two : one);
        long epoch = epochs.get(id) + 1;
        newer.append(List.of(adoption(former, plans, id, epoch)));
        told.put(id, goOn(newer, plans, id, epoch, List.of(pause, resume)));
        former.append(List.of(adoption(newer, plans, id, epoch)));
        scattered++;
      }
    }
    assertThat(scattered).isPositive();
    loseDisk(0);
    try (var cluster = new TestCluster(3, disks)) {
      assertNothingIsLost(cluster);
      awaitSettled(cluster);
    }
  }

  private static JournalEntry adoption(
      ChainStore from, DefinitionRegistry plans, String id, long epoch) {
    ExecutionEntry entry = from.loadEntry(TestMember.key(id), plans::resolve).orElseThrow();
    return JournalEntry.adoption(entry.state(), entry.hash(), epoch);
  }

  /** Lets the execution go on in one member's store alone, and returns the last hash. */
  private static byte[] goOn(
      ChainStore store, DefinitionRegistry plans, String id, long epoch, List<Command> commands) {
    ExecutionEntry entry = store.loadEntry(TestMember.key(id), plans::resolve).orElseThrow();
    ExecutionState state = entry.state();
    byte[] hash = entry.hash();
    for (Command command : commands) {
      Instant at = state.updatedAt().plusMillis(1);
      var accepted = (Decision.Accepted) Decider.decide(state, command, at);
      ExecutionState after = Evolver.evolve(state, accepted.events(), at);
      JournalEntry next =
          EntryEncoder.encode(
              state.key(), state.seq() + 1, epoch, at, accepted.events(), hash, after);
      hash = next.content().hash();
      state = after;
      store.append(List.of(next));
    }
    return hash;
  }

  @Test
  void longerChainOfAnOlderEpochLoses() {
    try (var cluster = new TestCluster(3, disks)) {
      cluster.register("steps", TWO_STEPS);
      start(cluster, 8);
      note(cluster);
      awaitSettled(cluster);
      killAll(cluster);
    }
    var pause = new Command.PauseExecution("p", PauseMode.IMMEDIATE, "ann", null);
    var resume = new Command.ResumeExecution("r", "ann", null, false);
    // Which may be under a later epoch than the event's: a member that the partition came to.
    Map<String, Long> epochs = lastEpochs();
    var grewTo = new HashMap<String, Long>();
    for (int place = 0; place < 3; place++) {
      try (StateStore store = disks.apply(place)) {
        var plans = new DefinitionRegistry(store, InstantSource.system());
        store.recover(plans, entry -> {});
        for (String id : told.keySet()) {
          var chains = (ChainStore) store;
          ChainHead head = chains.head(TestMember.key(id)).orElse(null);
          if (head == null) {
            continue;
          }
          if (grewTo.putIfAbsent(id, head.seq() + 2) == null) {
            goOn(chains, plans, id, epochs.get(id), List.of(pause, resume));
          } else {
            told.put(id, goOn(chains, plans, id, epochs.get(id) + 1, List.of(pause)));
          }
        }
      }
    }
    assertThat(grewTo).hasSize(8);
    try (var cluster = new TestCluster(3, disks)) {
      assertNothingIsLost(cluster);
      assertThat(count(cluster, ExecutionStatus.PAUSED)).isEqualTo(8);
      awaitSettled(cluster);
      told.forEach(
          (id, hash) -> assertThat(history(cluster, 2, id).getLast().hash()).isEqualTo(hash));
    }
  }

  @Test
  void memberThatComesBackLaterGetsWhatItMissed() {
    try (var cluster = new TestCluster(3, disks)) {
      cluster.register("steps", TWO_STEPS);
      start(cluster, 20);
      work(cluster, 20);
      cluster.kill(2);
      cluster.awaitOpen(2);
      work(cluster, 10);
      start(cluster, 10);
      note(cluster);
      cluster.startIn(2);
      assertNothingIsLost(cluster);
      awaitSettled(cluster);
      cluster.kill(0);
      cluster.awaitOpen(2);
      cluster.startIn(0);
      awaitSettled(cluster);
      assertNothingIsLost(cluster);
      assertThat(cluster.member(0).cluster().members()).hasSize(3);
    }
  }

  @Test
  void allStopInOrderAndComeBack() {
    try (var cluster = new TestCluster(3, disks)) {
      cluster.register("steps", TWO_STEPS);
      start(cluster, 15);
      work(cluster, 15);
      note(cluster);
      cluster.stopAll();
    }
    try (var cluster = new TestCluster(3, disks)) {
      assertNothingIsLost(cluster);
      awaitSettled(cluster);
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() ->
              cluster.running().stream().allMatch(member -> member.chains().unsettled() == 0));
    }
  }
}
