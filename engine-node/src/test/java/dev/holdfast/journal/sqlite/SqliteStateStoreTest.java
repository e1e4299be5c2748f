package dev.holdfast.journal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.journal.ChainStore.Chain;
import dev.holdfast.journal.ChainStoreContract;
import dev.holdfast.journal.Driven;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SqliteStateStoreTest extends ChainStoreContract {
  private Path folder = Path.of("");

  @Override
  protected StateStore create() {
    try {
      folder = Files.createTempDirectory("holdfast-store");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new SqliteStateStore(folder.resolve("test.db"), InstantSource.system());
  }

  @AfterEach
  void removeFolder() throws IOException {
    StoreFiles.delete(folder);
  }

  @Test
  void aLiveOneIsRecoveredFromTheFile() {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0), one.step(T0, null).orElseThrow());
    assertThat(reopen()).containsOnlyKeys(one.key());
    assertKept(one);
    append(one.step(T0, null).orElseThrow());
    reopen();
    assertKept(one);
    append(one.finish(T0));
    assertThat(reopen()).isEmpty();
    assertKept(one);
  }

  @Test
  void oneThatFailedAndIsTriedAgainIsRecovered() {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0));
    append(one.step(T0, null).orElseThrow());
    append(one.fail(T0));
    assertThat(one.isEnded()).isTrue();
    append(one.apply(new Command.RetryExecution("r", "ann", null), T0).orElseThrow());
    assertThat(one.isEnded()).isFalse();
    append(one.step(T0, null).orElseThrow());
    for (int i = 0; i < 2; i++) {
      assertThat(reopen()).containsOnlyKeys(one.key());
      assertKept(one);
    }
    append(one.step(T0, null).orElseThrow());
    maintainAll(Instant.now().plusSeconds(600));
    reopen();
    assertKept(one);
  }

  @Test
  void formerChainsGoOnceTheExecutionIsWhole() throws SQLException {
    for (String end : List.of("filled", "dropped", "purged")) {
      Driven one = Driven.of(PLAN, end);
      append(one.start(T0), one.step(T0, null).orElseThrow());
      one.step(T0, "x");
      append(one.adoption());
      append(one.finish(T0));
      assertThat(rows("former")).isEqualTo(1);
      switch (end) {
        case "filled" -> {
          var other = new MemoryStateStore();
          other.append(one.entries());
          Chain whole = other.chain(one.key()).orElseThrow();
          assertThat(chains().fill(List.of(whole), PLANS).getFirst().damage()).isNull();
          assertKept(one);
          store.purge(null, Instant.now(), false);
        }
        case "dropped" -> chains().drop(List.of(chains().head(one.key()).orElseThrow()));
        default -> store.purge(null, Instant.now(), false);
      }
      for (String table : List.of("former", "history", "base", "execution")) {
        assertThat(rows(table)).as(table).isZero();
      }
    }
  }

  private int rows(String table) throws SQLException {
    try (var statement = ((SqliteStateStore) store).database().writer().createStatement();
        var row = statement.executeQuery("SELECT count(*) FROM " + table)) {
      return row.getInt(1);
    }
  }

  @Test
  void oneThatCouldNotBeRestoredIsFormerWithAllItHas() {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0));
    for (boolean checkpoint : List.of(false, true)) {
      append(one.step(T0, null).orElseThrow(), one.step(T0, null).orElseThrow());
      if (!checkpoint) {
        maintainAll(Instant.now().plusSeconds(600));
      }
    }
    store.close();
    store = new SqliteStateStore(folder.resolve("test.db"), InstantSource.system());
    PlanResolver none =
        (tenant, name, version) -> {
          throw new StoreException("there is no such definition");
        };
    assertThat(store.recover(none, entry -> {}).damaged()).isNotEmpty();
    append(one.adoption());
    Chain beginning = chains().beginning(chains().gap(one.key()).orElseThrow()).orElseThrow();
    assertThat(chains().fill(List.of(beginning), PLANS).getFirst().damage()).isNull();
    assertKept(one);
    reopen();
    assertKept(one);
  }

  @Test
  void databaseOfTheVersionBeforeIsOpened() throws SQLException {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0));
    try (var statement = ((SqliteStateStore) store).database().writer().createStatement()) {
      statement.execute("DROP TABLE blob");
      statement.execute("DROP TABLE blob_use");
      statement.execute("DELETE FROM flyway_schema_history WHERE version = '7'");
    }
    reopen();
    assertKept(one);
    one.step(T0, null);
    append(one.adoption());
    assertThat(chains().gap(one.key())).isPresent();
  }

  @Test
  void fullFileTakesNothingAndGoesOnWhereItWasWhenThereIsSpace() throws SQLException {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0));
    Driven before = Driven.of(PLAN, "before");
    append(before.start(T0));
    pages("PRAGMA max_page_count = 1");
    String large = "x".repeat(200_000);
    List<JournalEntry> batch =
        List.of(
            one.step(T0, null).orElseThrow(),
            one.step(T0, large).orElseThrow(),
            Driven.of(PLAN, "new").start(T0));
    for (int attempt = 0; attempt < 3; attempt++) {
      assertThatThrownBy(() -> store.append(batch))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("full");
      assertKept(before);
      assertThat(store.load(new ExecutionKey("default", "new"), PLANS)).isEmpty();
      assertThat(batch).noneMatch(entry -> entry.whenDurable().isDone());
    }
    pages("PRAGMA max_page_count = 1000000");
    append(batch);
    assertKept(one);
    append(one.finish(T0));
    reopen();
    assertKept(one);
    assertKept(before);
  }

  private void pages(String pragma) throws SQLException {
    try (var statement = ((SqliteStateStore) store).database().writer().createStatement()) {
      statement.execute(pragma);
    }
  }

  @Test
  void purgedOneLeavesATombstoneWithTheEndOfItsChain() throws SQLException {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0));
    append(one.finish(T0.plusSeconds(1)));
    assertThat(store.purge(null, T0.plusSeconds(2), false)).isEqualTo(1);
    try (var statement = ((SqliteStateStore) store).database().writer().createStatement();
        var row = statement.executeQuery("SELECT id, definition, seq, hash FROM tombstone")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo("one");
      assertThat(row.getString(2)).isEqualTo("review");
      assertThat(row.getLong(3)).isEqualTo(one.state().seq());
      assertThat(row.getBytes(4)).isEqualTo(one.hash());
      assertThat(row.next()).isFalse();
    }
    var other = new MemoryStateStore();
    other.append(one.entries());
    chains().merge(List.of(other.chain(one.key()).orElseThrow()), PLANS);
    assertThat(chains().isPurged(one.key())).isTrue();
    assertThat(store.load(one.key(), PLANS)).isEmpty();
    Driven again = Driven.of(PLAN, "one");
    append(again.start(T0.plusSeconds(5)));
    reopen();
    assertKept(again);
  }

  @Override
  protected void reopenStore() {
    reopen();
  }

  private Map<ExecutionKey, ExecutionEntry> reopen() {
    store.close();
    store = new SqliteStateStore(folder.resolve("test.db"), InstantSource.system());
    var found = new HashMap<ExecutionKey, ExecutionEntry>();
    StateStore.Recovery recovery =
        store.recover(PLANS, entry -> found.put(entry.state().key(), entry));
    assertThat(recovery.damaged()).isEmpty();
    assertThat(recovery.live()).isEqualTo(found.size());
    return found;
  }
}
