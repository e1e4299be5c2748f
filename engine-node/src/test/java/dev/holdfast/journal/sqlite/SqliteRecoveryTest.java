package dev.holdfast.journal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.Plan;
import dev.holdfast.journal.Driven;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.Plans;
import dev.holdfast.journal.StateStore.Recovery;
import dev.holdfast.journal.StoreException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SqliteRecoveryTest {
  private static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");
  private static final Plan CHAIN = Plans.chain("chain", 3);
  private static final Plan FAN = Plans.fan("fan", 200);
  private static final Plan LISTS = Plans.lists("lists", 4);
  private static final PlanResolver PLANS = Plans.resolver(CHAIN, LISTS, FAN);
  private static final int SOAK = Integer.getInteger("holdfast.soak", 1);

  private final SettableClock clock = new SettableClock(T0);
  private final List<Path> folders = new ArrayList<>();
  private Path folder = Path.of("");
  private SqliteStateStore store = openFirst();

  private SqliteStateStore openFirst() {
    try {
      folder = Files.createTempDirectory("holdfast-recovery");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    folders.add(folder);
    var opened = new SqliteStateStore(folder.resolve("t.db"), clock);
    opened.recover(PLANS, entry -> {});
    return opened;
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    for (Path path : folders) {
      StoreFiles.delete(path);
    }
  }

  private record Found(Recovery recovery, Map<ExecutionKey, ExecutionEntry> live) {}

  private Found recover(SqliteStateStore from) {
    var live = new HashMap<ExecutionKey, ExecutionEntry>();
    Recovery recovery = from.recover(PLANS, entry -> live.put(entry.state().key(), entry));
    return new Found(recovery, live);
  }

  private Found reopen() {
    store.close();
    store = new SqliteStateStore(folder.resolve("t.db"), clock);
    return recover(store);
  }

  /** Checkpoints whatever has a tail. */
  private void checkpoint() {
    clock.advance(Duration.ofMinutes(2));
    // The last round trims the journal of what the rounds before have moved.
    while (store.maintain(clock.instant()) || store.maintain(clock.instant())) {
      assertThat(clock.instant()).isAfter(T0);
    }
  }

  private void sql(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("t.db"));
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).as(sql).isPositive();
    }
  }

  private static void assertKept(SqliteStateStore in, Driven driven, String seed) {
    ExecutionEntry entry = in.loadEntry(driven.key(), PLANS).orElseThrow();
    assertThat(entry.state()).as(seed).isEqualTo(driven.state());
    assertThat(entry.hash()).as(seed).isEqualTo(driven.hash());
    List<HistoryItem> history = in.history(driven.key(), 0, Integer.MAX_VALUE);
    assertThat(history.stream().map(HistoryItem::event)).as(seed).isEqualTo(driven.events());
    assertThat(history.getLast().hash()).as(seed).isEqualTo(driven.hash());
  }

  /** Random work, kills, recoveries and checkpoints: what was appended is there, always. */
  @Test
  void whatWasAppendedSurvivesAnyKill() throws IOException {
    for (int round = 0; round < 4 * SOAK; round++) {
      long seed = 1000 + round;
      var random = new SplittableRandom(seed);
      var all = new HashMap<ExecutionKey, Driven>();
      var ids = new ArrayList<ExecutionKey>();
      for (int batch = 0; batch < 120; batch++) {
        var entries = new ArrayList<JournalEntry>();
        for (int i = random.nextInt(40); i >= 0; i--) {
          clock.advance(Duration.ofMillis(random.nextInt(50)));
          Driven one;
          if (ids.isEmpty() || random.nextInt(10) == 0) {
            Plan plan = List.of(FAN, LISTS, CHAIN, CHAIN, CHAIN, CHAIN).get(random.nextInt(6));
            one = Driven.of(plan, "r" + round + "-" + ids.size());
            all.put(one.key(), one);
            ids.add(one.key());
          } else {
            one = all.get(ids.get(random.nextInt(ids.size())));
          }
          one.anything(random, clock.instant()).ifPresent(entries::add);
        }
        store.append(entries);
        assertThat(entries).as("seed %d", seed).noneMatch(e -> e.whenDurable().isDone());
        switch (random.nextInt(12)) {
          case 0 -> checkpoint();
          case 1 -> store.maintain(clock.instant());
          case 2 -> assertRecovered(reopen(), all, "seed " + seed);
          case 3 -> {
            Path killed = StoreFiles.copy(folder);
            folders.add(killed);
            try (var other = new SqliteStateStore(killed.resolve("t.db"), clock)) {
              Map<ExecutionKey, Driven> present = started(all);
              Found found = recover(other);
              assertRecoveredLive(found, present, "seed " + seed);
              present.values().forEach(one -> assertKept(other, one, "seed " + seed));
            }
          }
          default -> {}
        }
      }
      assertRecovered(reopen(), all, "seed " + seed);
      assertThat(started(all)).hasSizeGreaterThan(100);
      store.close();
      store = openFirst();
    }
  }

  private static Map<ExecutionKey, Driven> started(Map<ExecutionKey, Driven> all) {
    var started = new HashMap<>(all);
    started.values().removeIf(one -> one.events().isEmpty());
    return started;
  }

  private void assertRecovered(Found found, Map<ExecutionKey, Driven> all, String seed) {
    Map<ExecutionKey, Driven> present = started(all);
    assertRecoveredLive(found, present, seed);
    present.values().forEach(one -> assertKept(store, one, seed));
  }

  private static void assertRecoveredLive(
      Found found, Map<ExecutionKey, Driven> present, String seed) {
    assertThat(found.recovery().damaged()).as(seed).isEmpty();
    var live = new HashMap<>(present);
    live.values().removeIf(Driven::isEnded);
    assertThat(found.live().keySet()).as(seed).isEqualTo(live.keySet());
    assertThat(found.recovery().live()).isEqualTo(live.size());
    live.forEach((key, one) -> {
      assertThat(found.live().get(key).state()).as(seed).isEqualTo(one.state());
      assertThat(found.live().get(key).hash()).as(seed).isEqualTo(one.hash());
    });
  }

  @Test
  void tenThousandAreRecovered() {
    var all = new HashMap<ExecutionKey, Driven>();
    var random = new SplittableRandom(77);
    for (int batch = 0; batch < 100; batch++) {
      var entries = new ArrayList<JournalEntry>();
      for (int i = 0; i < 100; i++) {
        Driven one = Driven.of(CHAIN, "x" + (batch * 100 + i));
        all.put(one.key(), one);
        entries.add(one.start(clock.instant()));
        for (int step = random.nextInt(8); step > 0; step--) {
          one.step(clock.instant(), "out").ifPresent(entries::add);
        }
      }
      store.append(entries);
      if (batch == 50) {
        checkpoint();
      }
    }
    assertRecovered(reopen(), all, "10,000");
  }

  private Driven started(String id) {
    Driven one = Driven.of(CHAIN, id);
    store.append(List.of(one.start(clock.instant()), one.step(clock.instant(), 1L).orElseThrow()));
    return one;
  }

  @Test
  void damagedJournalRowIsNamedAndTheOthersGoOn() throws SQLException {
    Driven bad = started("bad");
    Driven good = started("good");
    sql(
        "UPDATE journal SET payload = zeroblob(length(payload)) WHERE lsn ="
            + " (SELECT max(lsn) FROM journal JOIN execution ON ordinal = execution"
            + " WHERE id = 'bad')");
    Found found = reopen();
    assertThat(found.live()).containsOnlyKeys(good.key());
    assertThat(found.recovery().damaged()).hasSize(1);
    assertThat(found.recovery().damaged().getFirst())
        .contains("default/bad")
        .contains("journal row 2")
        .contains("left out");
    assertKept(store, good, "");
    assertThatThrownBy(() -> store.load(bad.key(), PLANS))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("default/bad is damaged");
  }

  @Test
  void flippedBitOfAJournalRowBreaksTheChain() throws SQLException {
    started("bad");
    sql("UPDATE journal SET hash = x'00' || substr(hash, 2) WHERE lsn = 1");
    assertThat(reopen().recovery().damaged().getFirst()).contains("the chain of hashes");
  }

  @Test
  void missingJournalRowIsNamed() throws SQLException {
    started("bad");
    sql("DELETE FROM journal WHERE lsn = 1");
    assertThat(reopen().recovery().damaged().getFirst())
        .contains("default/bad")
        .contains("events 1 to")
        .contains("missing");
  }

  @Test
  void damagedSnapshotIsNamedAndReplacedByTheHistory() throws SQLException {
    Driven one = started("one");
    checkpoint();
    store.append(List.of(one.step(clock.instant(), 2L).orElseThrow()));
    assertThat(store.latestCheckpoint(one.key())).isPresent();
    sql("UPDATE snapshot SET body = zeroblob(length(body))");
    Found found = reopen();
    assertThat(found.live()).containsOnlyKeys(one.key());
    assertThat(found.recovery().damaged()).hasSize(1);
    assertThat(found.recovery().damaged().getFirst())
        .contains("snapshot of execution number 1 at seq");
    assertKept(store, one, "");
    store.append(one.finish(clock.instant()));
    assertThat(reopen().live()).isEmpty();
    assertKept(store, one, "");
  }

  @Test
  void lostSnapshotIsNamedAndReplacedByTheHistory() throws SQLException {
    Driven one = started("one");
    checkpoint();
    sql("DELETE FROM snapshot");
    sql("DELETE FROM journal");
    Found found = reopen();
    assertThat(found.live()).containsOnlyKeys(one.key());
    assertThat(found.recovery().damaged().getFirst()).contains("default/one");
    assertKept(store, one, "");
  }

  @Test
  void damagedHistoryOfAnEndedOneIsNamedWhenItIsRead() throws SQLException {
    Driven one = started("one");
    store.append(one.finish(clock.instant()));
    sql("UPDATE history SET payload = zeroblob(length(payload))");
    assertThat(reopen().recovery()).isEqualTo(new Recovery(0, List.of()));
    assertThatThrownBy(() -> store.load(one.key(), PLANS))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("default/one is damaged: history from seq 1");
    assertThatThrownBy(() -> store.history(one.key(), 0, 10)).isInstanceOf(StoreException.class);
  }

  @Test
  void missingDefinitionIsNamedAndItsExecutionKeptUntilItIsBack() {
    Driven one = started("one");
    for (int start = 0; start < 3; start++) {
      store.close();
      store = new SqliteStateStore(folder.resolve("t.db"), clock);
      Recovery recovery = store.recover(Plans.resolver(FAN), entry -> {});
      assertThat(recovery.live()).isZero();
      assertThat(recovery.damaged().getFirst())
          .contains(one.key().text())
          .contains("no definition chain");
      Driven other = new Driven(FAN, new ExecutionKey("default", "other" + start));
      store.append(List.of(other.start(clock.instant())));
      store.append(
          List.of(
              other
                  .apply(new Command.CancelExecution("c", "ann", null), clock.instant())
                  .orElseThrow()));
      checkpoint();
    }
    Found found = reopen();
    assertThat(found.recovery()).isEqualTo(new Recovery(1, List.of()));
    assertKept(store, one, "");
    store.append(one.finish(clock.instant()));
    assertThat(reopen().live()).isEmpty();
    assertKept(store, one, "");
  }

  /** A torn tail leaves each execution as it was at some moment, and never in between. */
  @Test
  void tornLogLeavesABeginningOfEachExecution() throws IOException {
    var all = new HashMap<ExecutionKey, Driven>();
    for (int i = 0; i < 60; i++) {
      Driven one = started("x" + i);
      all.put(one.key(), one);
      if (i % 3 == 0) {
        store.append(one.finish(clock.instant()));
      }
    }
    var random = new SplittableRandom(9);
    for (int round = 0; round < 15; round++) {
      Path torn = StoreFiles.copy(folder);
      folders.add(torn);
      Path wal = torn.resolve("t.db-wal");
      long length = Files.size(wal);
      long keep = length / 4 + random.nextLong(length * 3 / 4);
      try (var file = new RandomAccessFile(wal.toFile(), "rw")) {
        if (round % 2 == 0) {
          file.setLength(keep);
        } else {
          file.seek(keep);
          file.write(~file.read());
        }
      }
      try (var other = new SqliteStateStore(torn.resolve("t.db"), clock)) {
        Found found = recover(other);
        assertThat(found.recovery().damaged()).isEmpty();
        for (ExecutionEntry entry : found.live().values()) {
          assertBeginning(other, all.get(entry.state().key()));
        }
      }
    }
  }

  private static void assertBeginning(SqliteStateStore in, Driven driven) {
    List<HistoryItem> history = in.history(driven.key(), 0, Integer.MAX_VALUE);
    assertThat(history.stream().map(HistoryItem::event))
        .isEqualTo(driven.events().subList(0, history.size()));
  }

  /** Whatever bytes of the file are damaged, nothing wrong is taken for good. */
  @Test
  void damagedFileIsNamedOrHarmless() throws IOException {
    var all = new HashMap<ExecutionKey, Driven>();
    for (int i = 0; i < 200; i++) {
      Driven one = started("x" + i);
      all.put(one.key(), one);
      if (i == 100) {
        checkpoint();
      }
    }
    store.close();
    var random = new SplittableRandom(11);
    int named = 0;
    for (int round = 0; round < 25; round++) {
      Path bad = StoreFiles.copy(folder);
      folders.add(bad);
      try (var file = new RandomAccessFile(bad.resolve("t.db").toFile(), "rw")) {
        byte[] junk = new byte[1 + random.nextInt(300)];
        file.seek(random.nextLong(file.length() - junk.length));
        file.write(junk);
      }
      try (var other = new SqliteStateStore(bad.resolve("t.db"), clock)) {
        Found found = recover(other);
        boolean whole = found.live().size() == all.size();
        for (ExecutionEntry entry : found.live().values()) {
          Driven one = all.get(entry.state().key());
          assertBeginning(other, one);
          whole &= entry.state().equals(one.state());
        }
        assertThat(whole || !found.recovery().damaged().isEmpty())
            .as("round %d: %s", round, found.recovery())
            .isTrue();
        named += found.recovery().damaged().isEmpty() ? 0 : 1;
      } catch (StoreException e) {
        assertThat(e.getMessage()).containsAnyOf("t.db", "is damaged");
        named++;
      }
    }
    assertThat(named).isPositive();
  }

  @Test
  void fileThatIsNoDatabaseIsRefused() throws IOException {
    Path file = folder.resolve("text.db");
    Files.writeString(file, "this is no database".repeat(500));
    assertThatThrownBy(() -> new SqliteStateStore(file, clock))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("text.db");
  }

  @Test
  void largeExecutionIsMovedInPiecesAndItsJournalTrimmed() throws SQLException {
    Driven one = Driven.of(FAN, "large");
    store.append(List.of(one.start(clock.instant())));
    String output = "o".repeat(5000);
    while (one.state().openTasks() > 1) {
      store.append(List.of(one.step(clock.instant(), output).orElseThrow()));
      while (store.maintain(clock.instant())) {
        assertThat(one.isEnded()).isFalse();
      }
    }
    assertThat(store.latestCheckpoint(one.key())).isPresent();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("t.db"));
        Statement statement = connection.createStatement()) {
      try (var row = statement.executeQuery("SELECT count(*) FROM history")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getInt(1)).isBetween(10, 20);
      }
      try (var row = statement.executeQuery("SELECT count(*) FROM journal")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getInt(1)).isLessThan(250);
      }
    }
    assertThat(reopen().live()).containsOnlyKeys(one.key());
    assertKept(store, one, "");
  }
}
