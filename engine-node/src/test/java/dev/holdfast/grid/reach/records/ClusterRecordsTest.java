package dev.holdfast.grid.reach.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.core.Command;
import dev.holdfast.grid.TestCluster;
import dev.holdfast.grid.TestMember;
import dev.holdfast.journal.ExecutionPage;
import dev.holdfast.journal.ExecutionQuery;
import dev.holdfast.journal.ExecutionRow;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Lists, histories and checkpoints are the same whichever member is asked. */
class ClusterRecordsTest {
  private static final int PLACES = 3;
  private static final int EXECUTIONS = 60;
  private static final List<String> IDS = new ArrayList<>();
  private static final List<MemoryStateStore> DISKS =
      Stream.generate(MemoryStateStore::new).limit(PLACES).toList();
  private static TestCluster cluster;

  @BeforeAll
  static void startExecutionsEverywhere() {
    cluster = new TestCluster(PLACES, DISKS::get);
    cluster.register(
        "one",
        """
        name: one
        tasks:
          a: { agent: nobody }
        """);
    for (int i = 0; i < EXECUTIONS; i++) {
      int place = i % PLACES;
      String id = cluster.idOwnedBy(place);
      cluster.start(place, "one", id, null);
      IDS.add(id);
    }
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void pagesOfAnyMemberHaveEveryExecutionOnceNewestFirst() {
    for (int place = 0; place < PLACES; place++) {
      List<ExecutionRow> all = allPages(place, 7);
      assertThat(all).hasSize(EXECUTIONS);
      assertThat(all).extracting(row -> row.key().id()).containsExactlyInAnyOrderElementsOf(IDS);
      assertThat(all).isSortedAccordingTo(ListCursor.ORDER);
    }
  }

  @Test
  void cursorOfOneMemberGoesOnAtAnother() {
    var ids = new ArrayList<String>();
    @Nullable String cursor = null;
    int place = 0;
    do {
      ExecutionPage page = cluster.member(place++ % PLACES).records().list(query(11, cursor));
      page.items().forEach(row -> ids.add(row.key().id()));
      cursor = page.nextCursor();
    } while (cursor != null);
    assertThat(ids).hasSize(EXECUTIONS).doesNotHaveDuplicates();
  }

  @Test
  void historyIsTheOwnersWithItsHashes() {
    String id = IDS.getFirst();
    List<HistoryItem> owners = history(cluster.ownerOf(id), id);
    assertThat(owners).isNotEmpty();
    for (int place = 0; place < PLACES; place++) {
      List<HistoryItem> items = history(place, id);
      assertThat(items).extracting(HistoryItem::event).isEqualTo(events(owners));
      assertThat(items).extracting(HistoryItem::at).isEqualTo(times(owners));
      assertThat(items).extracting(item -> hex(item)).isEqualTo(hexes(owners));
    }
  }

  @Test
  void endedExecutionIsListedBeforeItsNewOwnerHasIt() {
    String id = cluster.idOwnedBy(0);
    ExecutionKey key = TestMember.key(id);
    cluster.start(0, "one", id, null);
    cluster.submit(0, id, new Command.CancelExecution("over", "tester", "enough"));
    await().until(() -> DISKS.stream().filter(disk -> disk.head(key).isPresent()).count() == 2);
    DISKS.getFirst().drop(List.of(DISKS.getFirst().head(key).orElseThrow()));
    var ended = query(ExecutionStatus.CANCELLED, 5, null);
    for (int place = 0; place < PLACES; place++) {
      assertThat(cluster.member(place).records().list(ended).items())
          .extracting(row -> row.key().id())
          .containsExactly(id);
    }
  }

  @Test
  void foreignCursorIsRefused() {
    assertThatThrownBy(() -> cluster.member(0).records().list(query(5, "not-a-cursor")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void purgeCountsEachExecutionOnce() {
    Instant later = Instant.now().plusSeconds(60);
    for (int place = 0; place < PLACES; place++) {
      assertThat(cluster.member(place).records().purge(TestMember.TENANT, later, true)).isZero();
    }
  }

  private static List<ExecutionRow> allPages(int place, int limit) {
    var rows = new ArrayList<ExecutionRow>();
    @Nullable String cursor = null;
    do {
      ExecutionPage page = cluster.member(place).records().list(query(limit, cursor));
      assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
      rows.addAll(page.items());
      cursor = page.nextCursor();
    } while (cursor != null);
    return rows;
  }

  private static ExecutionQuery query(int limit, @Nullable String cursor) {
    return query(ExecutionStatus.RUNNING, limit, cursor);
  }

  private static ExecutionQuery query(ExecutionStatus status, int limit, @Nullable String cursor) {
    return new ExecutionQuery(
        TestMember.TENANT,
        status,
        null,
        null,
        Map.of(),
        null,
        Instant.now().plus(Duration.ofMinutes(1)),
        limit,
        cursor);
  }

  private static List<HistoryItem> history(int place, String id) {
    return cluster.member(place).records().history(TestMember.key(id), 0, 100);
  }

  private static List<Object> events(List<HistoryItem> items) {
    return items.stream().<Object>map(HistoryItem::event).toList();
  }

  private static List<Instant> times(List<HistoryItem> items) {
    return items.stream().map(HistoryItem::at).toList();
  }

  private static List<String> hexes(List<HistoryItem> items) {
    return items.stream().map(ClusterRecordsTest::hex).toList();
  }

  private static String hex(HistoryItem item) {
    return HexFormat.of().formatHex(item.hash());
  }
}
