package dev.holdfast.grid.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.core.Event;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.slot.SlotKey;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.GridEngine;
import dev.holdfast.grid.Outcome;
import dev.holdfast.grid.TestCluster;
import dev.holdfast.grid.TestMember;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.memory.MemoryStateStore;
import dev.holdfast.journal.postgres.PostgresServer;
import dev.holdfast.journal.postgres.PostgresStateStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Executions of one key on several members, of which some die: never more hold a slot than may. */
class SlotsOnMembersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int LIMIT = 2;
  private static final int MANY = 40;

  /** Members are in one process, and their clocks run apart by less. */
  private static final Duration CLOCKS_APART = Duration.ofMillis(5);

  private TestCluster cluster;

  /** Executions whose agent has begun, and has not yet given its last result. */
  private final Set<String> working = ConcurrentHashMap.newKeySet();

  private final AtomicInteger mostAtOnce = new AtomicInteger();

  private volatile int dead;

  @AfterEach
  void stop() {
    cluster.close();
  }

  /** Where members keep what is theirs. */
  private enum Keeping {
    /** Each on its own. */
    APART {
      @Override
      IntFunction<StateStore> stores() {
        return place -> new MemoryStateStore();
      }
    },
    /** All in one database. */
    TOGETHER {
      @Override
      IntFunction<StateStore> stores() {
        String url = PostgresServer.shared().newDatabase();
        return place ->
            new PostgresStateStore(PostgresServer.settings(url), InstantSource.system());
      }
    };

    abstract IntFunction<StateStore> stores();
  }

  private void start(Keeping keeping, String onLimit) {
    cluster = new TestCluster(3, keeping.stores());
    cluster.register(
        "keyed",
        "{name: keyed, concurrencyKey: {key: '${input.customer}', limit: "
            + LIMIT
            + ", onLimit: "
            + onLimit
            + "}, tasks: {one: {agent: worker, heartbeat: 3s},"
            + " two: {agent: worker, heartbeat: 3s, needs: [one]}}}");
  }

  private Outcome begin(int place, String id) {
    return cluster.start(place, "keyed", id, Map.of("customer", "acme"));
  }

  private Optional<ExecutionState> find(String id) {
    return cluster.member(alive()).find(TestMember.key(id));
  }

  /** Does what is there to be done, by way of that place. */
  private void work(int place) {
    for (Assignment task : cluster.poll(place, "worker", 4, Duration.ofMillis(500))) {
      working.add(task.execution());
      mostAtOnce.accumulateAndGet(working.size(), Math::max);
      if (task.task().equals("two")) {
        working.remove(task.execution());
      }
      cluster.complete(place, task, "done");
    }
  }

  private boolean allEnded(List<String> ids) {
    return ids.stream().allMatch(id -> find(id).filter(s -> s.status().isEnded()).isPresent());
  }

  private List<HistoryItem> history(String id) {
    return cluster.member(alive()).records().history(TestMember.key(id), 0, 100);
  }

  private record Moment(Instant at, int change) {}

  /** From histories: how many held a slot at once, at most. */
  private int mostByHistory(List<String> ids) {
    var moments = new ArrayList<Moment>();
    for (String id : ids) {
      List<HistoryItem> items = history(id);
      for (HistoryItem item : items) {
        if (item.event() instanceof Event.SlotGranted) {
          moments.add(new Moment(item.at().plus(CLOCKS_APART), 1));
          moments.add(new Moment(items.getLast().at(), -1));
        }
      }
    }
    moments.sort(Comparator.comparing(Moment::at).thenComparing(Moment::change));
    int now = 0;
    int most = 0;
    for (Moment moment : moments) {
      now += moment.change();
      most = Math.max(most, now);
    }
    return most;
  }

  /** The place of the member that gives out the slots, which owns executions too. */
  private int arbiter() {
    var key = new SlotKey("default", "keyed", "acme");
    for (dead = 0; dead < 3; dead++) {
      if (cluster.member(dead).arbitrates(key)) {
        return dead;
      }
    }
    throw new IllegalStateException("nobody arbitrates " + key);
  }

  /** A place where somebody runs. */
  private int alive() {
    return cluster.isRunning(0) ? 0 : 1;
  }

  private List<String> beginMany() {
    var ids = new ArrayList<String>();
    for (int i = 0; i < MANY; i++) {
      String id = "many" + i;
      assertThat(begin(i % 3, id)).isInstanceOf(Outcome.Done.class);
      ids.add(id);
    }
    return ids;
  }

  @ParameterizedTest
  @EnumSource(Keeping.class)
  void noMoreHoldASlotThanMayThoughOwnersAndArbitersDie(Keeping keeping) {
    start(keeping, "queue");
    List<String> ids = beginMany();
    var rounds = new AtomicInteger();
    await()
        .atMost(PATIENCE)
        .until(() -> {
          work(alive());
          switch (rounds.incrementAndGet()) {
            case 5 -> cluster.kill(arbiter());
            case 9 -> cluster.startIn(dead);
            default -> {}
          }
          return rounds.get() > 9 && allEnded(ids);
        });
    assertThat(mostAtOnce).hasValueLessThanOrEqualTo(LIMIT).hasPositiveValue();
    assertThat(mostByHistory(ids)).isLessThanOrEqualTo(LIMIT).isPositive();
  }

  @ParameterizedTest
  @EnumSource(Keeping.class)
  void ofStartsOnAllMembersAsManyAreTakenAsThereAreSlots(Keeping keeping) {
    start(keeping, "refuse");
    Set<String> begun = new HashSet<>();
    for (int i = 0; i < 12; i++) {
      if (begin(i % 3, "r" + i) instanceof Outcome.Done) {
        begun.add("r" + i);
      }
    }
    assertThat(begun).containsExactlyInAnyOrder("r0", "r1");
    cluster.kill(2);
    assertThat(begin(0, "late")).isInstanceOf(Outcome.Refused.class);
    await()
        .atMost(PATIENCE)
        .until(() -> {
          work(0);
          return begin(1, "later") instanceof Outcome.Done;
        });
  }

  @Test
  void slotIsGivenOnByWhicheverMemberTheEndIsOn() {
    start(Keeping.APART, "queue");
    List<String> ids = new ArrayList<>();
    for (int place = 0; place < 3; place++) {
      for (int i = 0; i < 4; i++) {
        String id = cluster.idOwnedBy(place);
        begin((place + i) % 3, id);
        ids.add(id);
      }
    }
    await()
        .atMost(PATIENCE)
        .until(() -> {
          work(ids.size() % 3);
          return allEnded(ids);
        });
    assertThat(mostAtOnce).hasValueLessThanOrEqualTo(LIMIT);
    assertThat(mostByHistory(ids)).isLessThanOrEqualTo(LIMIT);
    for (GridEngine member : cluster.running()) {
      assertThat(member.slots().waitingCount()).isZero();
      await().until(() -> member.slots().heldCount() == 0);
    }
  }
}
