package dev.holdfast.grid.reach.news;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.EventFeed;
import dev.holdfast.grid.TestCluster;
import dev.holdfast.grid.TestMember;
import dev.holdfast.journal.HistoryItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events and ends are heard of on any member, also when ownership moves. */
class ClusterNewsTest {
  private static final int PLACES = 3;
  private final TestCluster cluster = new TestCluster(PLACES);

  ClusterNewsTest() {
    cluster.register(
        "news",
        """
        name: news
        tasks:
          a: { agent: news }
        """);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void endIsHeardOfOnEveryMember() {
    for (int owner = 0; owner < PLACES; owner++) {
      String id = cluster.idOwnedBy(owner);
      var before = new ArrayList<CompletableFuture<ExecutionState>>();
      for (int place = 0; place < PLACES; place++) {
        before.add(cluster.member(place).nextEnd(TestMember.key(id)));
      }
      cluster.start(owner, "news", id, null);
      var during = new ArrayList<CompletableFuture<ExecutionState>>();
      for (int place = 0; place < PLACES; place++) {
        during.add(cluster.member(place).whenEnded(TestMember.key(id)));
      }
      finishOne(0);
      for (var end : before) {
        assertEnded(end);
      }
      for (var end : during) {
        assertEnded(end);
      }
    }
  }

  @Test
  void endIsHeardOfAlthoughTheOwnerIsLost() {
    String id = cluster.idOwnedBy(2);
    cluster.start(2, "news", id, null);
    var waiting = new ArrayList<CompletableFuture<ExecutionState>>();
    for (int place = 0; place < 2; place++) {
      waiting.add(cluster.member(place).whenEnded(TestMember.key(id)));
    }
    cluster.kill(2);
    cluster.awaitOpen(2);
    finishOne(0);
    waiting.forEach(ClusterNewsTest::assertEnded);
  }

  @Test
  void eventsOfATenantComeFromAllMembersInOrder() {
    Map<ExecutionKey, List<Long>> seen = new ConcurrentHashMap<>();
    var missed = new AtomicInteger();
    var listener =
        new EventFeed.Listener() {
          @Override
          public void onEvent(ExecutionKey key, HistoryItem item) {
            seen.computeIfAbsent(key, unused -> new CopyOnWriteArrayList<>()).add(item.seq());
          }

          @Override
          public void onMissed() {
            missed.incrementAndGet();
          }
        };
    try (var _ = cluster.member(0).events().subscribe(TestMember.TENANT, null, listener)) {
      int count = 30;
      for (int i = 0; i < count; i++) {
        cluster.start(0, "news", cluster.idOwnedBy(i % PLACES), null);
      }
      for (int i = 0; i < count; i++) {
        finishOne(i % PLACES);
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> {
            assertThat(seen).hasSize(count);
            assertThat(seen.values()).allSatisfy(seqs -> assertThat(seqs).hasSizeGreaterThan(4));
          });
      seen.values()
          .forEach(seqs -> {
            for (int i = 0; i < seqs.size(); i++) {
              assertThat(seqs.get(i)).isEqualTo(i + 1);
            }
          });
      assertThat(missed).hasValue(0);
    }
  }

  private void finishOne(int place) {
    Assignment task = cluster.poll(place, "news", 1, Duration.ofSeconds(20)).getFirst();
    cluster.complete(place, task, null);
  }

  private static void assertEnded(CompletableFuture<ExecutionState> end) {
    assertThat(end.orTimeout(20, TimeUnit.SECONDS).join().status())
        .isEqualTo(ExecutionStatus.COMPLETED);
  }
}
