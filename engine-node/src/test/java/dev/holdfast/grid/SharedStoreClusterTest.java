package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.map.IMap;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.core.Command;
import dev.holdfast.core.Decider;
import dev.holdfast.core.Decision;
import dev.holdfast.core.Event.ExecutionStarted;
import dev.holdfast.core.Evolver;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Plan;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.SharedStore;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.codec.EntryEncoder;
import dev.holdfast.journal.postgres.PostgresServer;
import dev.holdfast.journal.postgres.PostgresStateStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Members whose state is in one PostgreSQL database. */
class SharedStoreClusterTest {
  private static final String CHAIN =
      """
      name: chain
      tasks:
        a: { agent: worker, input: { n: "${input.n}" } }
        b: { agent: worker, needs: [a] }
        c: { agent: worker, needs: [b] }
      output: "${tasks.c.output}"
      """;

  private final String url = PostgresServer.shared().newDatabase();

  private StateStore open() {
    return new PostgresStateStore(PostgresServer.settings(url), InstantSource.system());
  }

  @Test
  void oneMemberGoesOnAfterARestart() {
    try (var member = new TestMember(open())) {
      member.register("chain", CHAIN);
      member.start("chain", "one", Map.of("n", 1L));
      member.complete(member.pollOne("worker"), "of a");
      member.start("chain", "paused", Map.of("n", 2L));
      member.submit("paused", new Command.PauseExecution("p", PauseMode.IMMEDIATE, "ann", "why"));
    }
    try (var member = new TestMember(open())) {
      assertThat(member.engine.recovery().live()).isEqualTo(2);
      assertThat(member.state("paused").status()).isEqualTo(ExecutionStatus.PAUSED);
      assertThat(member.state("one").task("a").output()).isEqualTo("of a");
      member.complete(member.pollOne("worker"), "of b");
      member.complete(member.pollOne("worker"), "of c");
      ExecutionState end = member.awaitEnd("one");
      assertThat(end.output()).isEqualTo("of c");
      member.submit("paused", new Command.ResumeExecution("r", "ann", null, false));
      assertThat(member.pollOne("worker").execution()).isEqualTo("paused");
    }
    try (var member = new TestMember(open())) {
      assertThat(member.engine.recovery().live()).isEqualTo(1);
      // Ended ones are read from the store.
      assertThat(member.state("one").status()).isEqualTo(ExecutionStatus.COMPLETED);
    }
  }

  private List<String> startSome(TestCluster cluster, int count) {
    cluster.register("chain", CHAIN);
    List<String> ids = IntStream.range(0, count).mapToObj(i -> "x" + i).toList();
    for (int i = 0; i < count; i++) {
      int owner = cluster.ownerOf(ids.get(i));
      assertThat(cluster.start(owner, "chain", ids.get(i), Map.of("n", (long) i)))
          .isInstanceOf(Outcome.Done.class);
    }
    return ids;
  }

  /** Completes tasks, whichever member has them, until all have ended. */
  private static void finish(TestCluster cluster, List<String> ids) {
    var ended = new HashMap<String, ExecutionStatus>();
    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> {
          for (int place = 0; place < cluster.size(); place++) {
            if (cluster.isRunning(place)) {
              for (Assignment task : cluster.poll(place, "worker", 50, Duration.ZERO)) {
                cluster.complete(cluster.ownerOf(task.execution()), task, "of " + task.task());
              }
            }
          }
          for (String id : ids) {
            ExecutionState state =
                cluster.member(cluster.ownerOf(id)).find(TestMember.key(id)).orElseThrow();
            if (state.status().isEnded()) {
              ended.put(id, state.status());
            }
          }
          return ended.size() == ids.size();
        });
    assertThat(ended.values()).containsOnly(ExecutionStatus.COMPLETED);
  }

  @Test
  void eachMemberLoadsWhatItOwnsWhenTheClusterStartsAgain() {
    List<String> ids;
    try (var cluster = new TestCluster(3, place -> open())) {
      ids = startSome(cluster, 120);
      cluster.poll(0, "worker", 10, Duration.ofSeconds(1)).stream()
          .forEach(task -> cluster.complete(cluster.ownerOf(task.execution()), task, "of a"));
      cluster.stopAll();
    }
    try (var cluster = new TestCluster(3, place -> open())) {
      List<Integer> loaded =
          cluster.running().stream().map(member -> member.recovery().live()).toList();
      // Two of them may have opened it before the third was there.
      assertThat(loaded.stream().filter(count -> count > 0)).hasSizeGreaterThanOrEqualTo(2);
      assertThat(loaded.stream().mapToInt(Integer::intValue).sum()).isEqualTo(120);
      finish(cluster, ids);
    }
  }

  @Test
  void quorumOfMembersLoadsAllOfIt() {
    List<String> ids;
    try (var cluster = new TestCluster(3, place -> open())) {
      ids = startSome(cluster, 60);
      cluster.stopAll();
    }
    try (var cluster = new TestCluster(3, 2, place -> open())) {
      finish(cluster, ids);
    }
  }

  @Test
  void othersTakeOverFromAMemberThatIsGone() {
    try (var cluster = new TestCluster(3, place -> open())) {
      List<String> ids = startSome(cluster, 120);
      cluster.kill(2);
      cluster.awaitOpen(2);
      finish(cluster, ids);
      for (String id : ids) {
        assertThat(cluster.member(0).store().history(TestMember.key(id), 0, 1000)).isNotEmpty();
      }
    }
  }

  @Test
  void whatAnotherWroteIsReadAgainAndTheCopyHereDropped() {
    try (var cluster = new TestCluster(3, place -> open());
        StateStore cutOff = open()) {
      List<String> ids = startSome(cluster, 1);
      String id = ids.getFirst();
      GridEngine owner = cluster.member(cluster.ownerOf(id));
      JournalEntry written = pausedBySomebodyElse(cutOff, owner, id);
      cutOff.append(List.of(written));
      assertThat(written.hasFailed()).isFalse();
      var resume = new Command.ResumeExecution("mine", "ann", null, true);
      // Here it runs, so that this is refused, upon what the store does not have.
      var cancel = new Command.CancelExecution("c", "ann", null);
      assertThat(isDone(owner, id, cancel)).isFalse();
      await().atMost(Duration.ofSeconds(30)).until(() -> owner.stats().fences() > 0);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> owner.find(TestMember.key(id)).orElseThrow().pause() != null);
      assertThat(isDone(owner, id, resume)).isTrue();
      finish(cluster, ids);
      List<HistoryItem> history = owner.store().history(TestMember.key(id), 0, 1000);
      assertThat(history.stream().map(HistoryItem::seq))
          .containsExactlyElementsOf(LongStream.rangeClosed(1, history.size()).boxed().toList());
      assertThat(history.stream().map(item -> item.event().getClass().getSimpleName()))
          .contains("PauseRequested")
          .doesNotContain("CancelRequested", "ExecutionCancelled");
    }
  }

  @Test
  void startThatNoBackupHeardOfIsTakenOverFromTheStore() {
    try (var cluster = new TestCluster(3, place -> open());
        StateStore cutOff = open()) {
      startSome(cluster, 1);
      String id = cluster.idOwnedBy(2);
      JournalEntry written = startedBySomebodyElse(cluster.member(2), id);
      cutOff.append(List.of(written));
      assertThat(written.hasFailed()).isFalse();
      cluster.kill(2);
      cluster.awaitOpen(2);
      finish(cluster, List.of(id));
    }
  }

  private static JournalEntry startedBySomebodyElse(GridEngine member, String id) {
    ExecutionKey key = TestMember.key(id);
    Plan plan = member.definitions().plan(key.tenant(), "chain", null).orElseThrow();
    var start =
        new Command.StartExecution(
            plan, key, Map.of("n", 1L), Map.of(), null, 5, null, "digest", "somebody");
    var at = Instant.now();
    var events = ((Decision.Accepted) Decider.decide(null, start, at)).events();
    ExecutionState begun = Evolver.begin(plan, key, (ExecutionStarted) events.getFirst(), at);
    ExecutionState state = Evolver.evolve(begun, events.subList(1, events.size()), at);
    return EntryEncoder.encode(key, 1, 1, at, events, EntryEncoder.genesis(), state);
  }

  @Test
  void nobodyGoesOnUnderAnEpochThatIsOverFromWhatIsInTheStoreAlone() {
    try (var cluster = new TestCluster(3, place -> open());
        StateStore next = open()) {
      cluster.register("chain", CHAIN);
      String id = cluster.idOwnedBy(1);
      GridEngine owner = cluster.member(1);
      next.promiseEpoch(owner.control().standing().epoch() + 1);
      next.append(List.of(startedBySomebodyElse(owner, id)));
      var cancel = new Command.CancelExecution("c", "ann", null);
      assertThat(isDone(owner, id, cancel)).isFalse();
      cluster.kill(0);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> isDone(cluster.member(cluster.ownerOf(id)), id, cancel));
    }
  }

  @Test
  void nobodyGoesOnUnderAnEpochThatIsOverFromWhatIsReadAgain() {
    try (var cluster = new TestCluster(3, place -> open());
        StateStore next = open()) {
      String id = startSome(cluster, 1).getFirst();
      int place = cluster.ownerOf(id);
      GridEngine owner = cluster.member(place);
      next.promiseEpoch(owner.control().standing().epoch() + 1);
      next.append(List.of(pausedBySomebodyElse(next, owner, id)));
      var cancel = new Command.CancelExecution("c", "ann", null);
      assertThat(isDone(owner, id, cancel)).isFalse();
      await().atMost(Duration.ofSeconds(30)).until(() -> owner.stats().fences() > 0);
      // Whoever promised that epoch is not known here: this member must not decide on what it
      // reads.
      assertThat(isDone(owner, id, cancel)).isFalse();
      cluster.kill((place + 1) % 3);
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(() ->
              cluster.member(cluster.ownerOf(id)).find(TestMember.key(id)).orElseThrow().pause()
                  != null);
    }
  }

  /**
   * The backup knows of an end that its owner could not write any more, and somebody else has
   * written otherwise. Where the end is told before that is found out, the parent has a result that
   * is nowhere.
   */
  @Test
  void endThatIsNotInTheStoreIsToldToNobodyByWhoTakesItOver() {
    var refusing = new AtomicBoolean();
    try (var cluster = new TestCluster(3, place -> place == 2 ? refusing(refusing) : open());
        StateStore other = open()) {
      cluster.register("child", "{name: child, tasks: {work: {agent: worker}}}");
      cluster.register("parent", "{name: parent, tasks: {x: {workflow: child}}}");
      String parent = parentWithChildOn(cluster, 2);
      String child = parent + "/x";
      cluster.start(0, "parent", parent, null);
      Assignment task = cluster.poll(0, "worker", 1, Duration.ofSeconds(30)).getFirst();
      GridEngine owner = cluster.member(2);
      JournalEntry otherwise = pausedBySomebodyElse(other, owner, child);
      refusing.set(true);
      var result =
          new Command.CompleteTask(task.task(), task.attempt(), task.token().nonce(), "one");
      CompletableFuture<Outcome> unanswered = owner.submit(TestMember.key(child), result);
      awaitEndOnBackup(owner, child);
      other.append(List.of(otherwise));
      assertThat(otherwise.hasFailed()).isFalse();
      assertThat(unanswered).isNotCompleted();
      cluster.kill(2);
      cluster.awaitOpen(2);
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(() -> cluster.member(0).find(TestMember.key(child)).orElseThrow().pause() != null);
      cluster.submit(0, child, new Command.ResumeExecution("r", "ann", null, true));
      finish(cluster, List.of(child, parent));
      ExecutionState end = cluster.member(0).find(TestMember.key(parent)).orElseThrow();
      assertThat(end.task("x").output()).isEqualTo(Map.of("work", "of work"));
    }
  }

  private static String parentWithChildOn(TestCluster cluster, int place) {
    String id;
    do {
      id = cluster.idOwnedBy(0);
    } while (cluster.ownerOf(id + "/x") != place);
    return id;
  }

  /** A store that takes nothing while that is set. */
  private StateStore refusing(AtomicBoolean refuses) {
    StateStore store = open();
    return (StateStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {SharedStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("append") && refuses.get()) {
                throw new StoreException("out of reach");
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** What is written to the partition after the end is with the backup no sooner than the end. */
  private static void awaitEndOnBackup(GridEngine owner, String id) {
    String key = TestMember.key(id).text();
    IMap<String, ExecutionEntry> executions = owner.hazelcast().getMap(MemberConfig.EXECUTIONS);
    await().until(() -> executions.get(key).state().status().isEnded());
    var replicas = new Replicas(owner.hazelcast());
    owner.hazelcast().getMap("marks").set(replicas.keyOf(replicas.partitionOf(key)), "set");
  }

  private static boolean isDone(GridEngine member, String id, Command command) {
    return member
        .submit(TestMember.key(id), command)
        .handle((outcome, failure) -> outcome instanceof Outcome.Done)
        .join();
  }

  /** What an owner would write that does not know that it isn't the owner any more. */
  private static JournalEntry pausedBySomebodyElse(StateStore store, GridEngine owner, String id) {
    ExecutionEntry stored = store.loadEntry(TestMember.key(id), owner.definitions()).orElseThrow();
    var pause = new Command.PauseExecution("p", PauseMode.IMMEDIATE, "somebody", "why");
    var at = stored.state().updatedAt();
    var decision = (Decision.Accepted) Decider.decide(stored.state(), pause, at);
    return EntryEncoder.encode(
        TestMember.key(id),
        stored.state().seq() + 1,
        1,
        at,
        decision.events(),
        stored.hash(),
        Evolver.evolve(stored.state(), decision.events(), at));
  }
}
