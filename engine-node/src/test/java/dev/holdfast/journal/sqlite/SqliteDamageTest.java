package dev.holdfast.journal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.Driven;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.StateStore.Recovery;
import dev.holdfast.journal.StoreException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is damaged is named, and everything else goes on. */
class SqliteDamageTest extends ReopenedStore {
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
}
