package dev.holdfast.journal.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Driven;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.ExecutionQuery;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.SharedStore;
import dev.holdfast.journal.SharedStoreContract;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PostgresStateStoreTest extends SharedStoreContract {
  private String url = "";

  @Override
  protected StateStore create() {
    url = PostgresServer.shared().newDatabase();
    return open();
  }

  @Override
  protected SharedStore another() {
    return open();
  }

  private PostgresStateStore open() {
    return new PostgresStateStore(PostgresServer.settings(url), InstantSource.system());
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = PostgresServer.connect(url);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void textsThatPostgresCantHoldDoNotStopTheJournal() {
    String label = "a\0b" + "\uD83D\uDE00".repeat(300);
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0, Map.of(label, label), label));
    append(one.step(T0, label).orElseThrow(), one.step(T0, label).orElseThrow());
    assertKept(one);
    assertThat(
            ids(
                new ExecutionQuery(
                    "default", null, null, label, Map.of(label, label), null, null, 10, null)))
        .containsExactly("one");
  }

  @Test
  void snapshotsAreTakenWhenDueAndWhatCameAfterIsReplayed() throws SQLException {
    List<Driven> all = IntStream.range(0, 200).mapToObj(i -> Driven.of(PLAN, "x" + i)).toList();
    append(all.stream().map(one -> one.start(T0)).toList());
    assertThat(store.maintain(Instant.now())).isFalse();
    assertThat(store.latestCheckpoint(all.getFirst().key())).isEmpty();
    Instant later = Instant.now().plus(Duration.ofMinutes(2));
    maintainAll(later);
    assertThat(store.checkpointCount()).isEqualTo(200);
    var checkpoint = store.latestCheckpoint(all.getFirst().key()).orElseThrow();
    assertThat(checkpoint.seq()).isEqualTo(all.getFirst().state().seq());
    append(all.stream().map(one -> one.step(T0, null).orElseThrow()).toList());
    all.stream().limit(5).forEach(this::assertKept);
    // The rows before it are not read any more.
    execute("UPDATE journal SET payload = 'x' WHERE from_seq = 1");
    var found = new ArrayList<ExecutionEntry>();
    assertThat(store.recover(PLANS, found::add).damaged()).isEmpty();
    assertThat(found.stream().map(ExecutionEntry::state))
        .containsExactlyInAnyOrderElementsOf(all.stream().map(Driven::state).toList());
  }

  @Test
  void largeStatesAreSnapshotBetweenCommits() {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0), one.step(T0, null).orElseThrow());
    append(one.step(T0, "x".repeat(100_000)).orElseThrow());
    assertThat(store.checkpointCount()).isEqualTo(1);
    assertKept(one);
    append(one.finish(T0));
    assertKept(one);
    assertThat(store.latestCheckpoint(one.key())).isEmpty();
  }

  @Test
  void staleSnapshotDoesNotReplaceANewerOne() {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0));
    SharedStore other = another();
    try (other) {
      other.append(List.of(one.step(T0, null).orElseThrow()));
      Instant later = Instant.now().plus(Duration.ofMinutes(2));
      other.maintain(later);
      maintainAll(later);
      assertThat(store.latestCheckpoint(one.key()).orElseThrow().seq())
          .isEqualTo(one.state().seq());
      assertKept(one);
    }
  }

  @Test
  void damagedSnapshotIsReplacedByTheHistory() throws SQLException {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0), one.step(T0, null).orElseThrow());
    maintainAll(Instant.now().plus(Duration.ofMinutes(2)));
    execute("UPDATE snapshot SET body = set_byte(body, 20, get_byte(body, 20) # 1)");
    assertKept(one);
    var found = new ArrayList<ExecutionEntry>();
    StateStore.Recovery recovery = store.recover(PLANS, found::add);
    assertThat(recovery.live()).isEqualTo(1);
    assertThat(recovery.damaged()).singleElement().asString().contains("snapshot");
    assertThat(found.getFirst().state()).isEqualTo(one.state());
  }

  @Test
  void damagedRowIsNamedAndTheOthersGoOn() throws SQLException {
    Driven one = Driven.of(PLAN, "one");
    Driven two = Driven.of(PLAN, "two");
    append(one.start(T0), two.start(T0), two.step(T0, null).orElseThrow());
    execute(
        "UPDATE journal SET payload = set_byte(payload, 9, get_byte(payload, 9) # 1)"
            + " WHERE from_seq = 1 AND execution ="
            + " (SELECT ordinal FROM execution WHERE id = 'one')");
    StateStore.Recovery recovery = store.recover(PLANS, entry -> {});
    assertThat(recovery.live()).isEqualTo(1);
    assertThat(recovery.damaged()).singleElement().asString().contains("default/one");
    assertThatThrownBy(() -> store.load(one.key(), PLANS))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("default/one is damaged");
    assertKept(two);
  }

  @Test
  void missingRowIsNamed() throws SQLException {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0), one.step(T0, null).orElseThrow());
    long before = one.state().seq();
    append(one.step(T0, null).orElseThrow());
    execute("DELETE FROM journal WHERE to_seq = " + before);
    assertThat(store.recover(PLANS, entry -> {}).damaged())
        .singleElement()
        .asString()
        .contains("default/one");
    assertThatThrownBy(() -> store.history(one.key(), 0, 100)).isInstanceOf(StoreException.class);
  }

  @Test
  void purgedOneLeavesATombstoneWithTheEndOfItsChain() throws SQLException {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0, Map.of("k", "v"), null));
    append(one.finish(T0.plusSeconds(1)));
    assertThat(store.purge(null, T0.plusSeconds(2), false)).isEqualTo(1);
    try (Connection connection = PostgresServer.connect(url);
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT id, definition, seq, hash FROM tombstone")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo("one");
      assertThat(row.getString(2)).isEqualTo("review");
      assertThat(row.getLong(3)).isEqualTo(one.state().seq());
      assertThat(row.getBytes(4)).isEqualTo(one.hash());
    }
    Driven again = Driven.of(PLAN, "one");
    append(again.start(T0.plusSeconds(5)));
    assertKept(again);
  }

  @Test
  void wrongLoginIsToldAtOnceAndThePasswordNowhere() {
    var settings = new PostgresSettings(url + "?user=holdfast&password=hunter2", null, "hunter3");
    assertThat(settings.toString()).doesNotContain("hunter");
    assertThatThrownBy(() -> new PostgresStateStore(settings, InstantSource.system()).close())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(url)
        .hasMessageContaining("password authentication failed")
        .message()
        .doesNotContain("hunter");
    var login = "jdbc:postgresql://ann:hunter2@127.0.0.1/x";
    assertThat(new PostgresSettings(login, null, null).toString()).doesNotContain("hunter");
  }

  @Test
  void schemaIsMadeBesideOthersTables() throws SQLException {
    url = PostgresServer.shared().newDatabase();
    execute("CREATE TABLE theirs (id integer)");
    try (var own = open()) {
      JournalEntry start = Driven.of(PLAN, "one").start(T0);
      own.append(List.of(start));
      assertThat(own.heads(List.of(start.content().key()))).hasSize(1);
    }
    execute("SELECT id FROM theirs");
  }

  @Test
  void membersThatStartAtOnceMakeOneSchema() throws InterruptedException {
    url = PostgresServer.shared().newDatabase();
    var opened = new ArrayList<PostgresStateStore>();
    List<Thread> threads =
        IntStream.range(0, 4)
            .mapToObj(i ->
                Thread.ofPlatform()
                    .start(() -> {
                      PostgresStateStore one = open();
                      synchronized (opened) {
                        opened.add(one);
                      }
                    }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(opened).hasSize(4);
    JournalEntry start = Driven.of(PLAN, "one").start(T0);
    opened.getFirst().append(List.of(start));
    assertThat(opened.getLast().heads(List.of(start.content().key()))).hasSize(1);
    opened.forEach(PostgresStateStore::close);
  }
}
