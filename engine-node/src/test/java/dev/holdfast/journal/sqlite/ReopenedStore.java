package dev.holdfast.journal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Plan;
import dev.holdfast.journal.Driven;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.Plans;
import dev.holdfast.journal.StateStore.Recovery;
import java.io.IOException;
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
import org.junit.jupiter.api.AfterEach;

/** A store in a folder of its own, which tests close, spoil and open again. */
abstract class ReopenedStore {
  static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");
  static final Plan CHAIN = Plans.chain("chain", 3);
  static final Plan FAN = Plans.fan("fan", 200);
  static final Plan LISTS = Plans.lists("lists", 4);
  static final PlanResolver PLANS = Plans.resolver(CHAIN, LISTS, FAN);

  final SettableClock clock = new SettableClock(T0);
  final List<Path> folders = new ArrayList<>();
  Path folder = Path.of("");
  SqliteStateStore store = openFirst();

  final SqliteStateStore openFirst() {
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

  /** What a recovery found. */
  record Found(Recovery recovery, Map<ExecutionKey, ExecutionEntry> live) {}

  final Found recover(SqliteStateStore from) {
    var live = new HashMap<ExecutionKey, ExecutionEntry>();
    Recovery recovery = from.recover(PLANS, entry -> live.put(entry.state().key(), entry));
    return new Found(recovery, live);
  }

  final Found reopen() {
    store.close();
    store = new SqliteStateStore(folder.resolve("t.db"), clock);
    return recover(store);
  }

  /** Checkpoints whatever has a tail. */
  final void checkpoint() {
    clock.advance(Duration.ofMinutes(2));
    // The last round trims the journal of what the rounds before have moved.
    while (store.maintain(clock.instant()) || store.maintain(clock.instant())) {
      assertThat(clock.instant()).isAfter(T0);
    }
  }

  final void sql(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("t.db"));
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).as(sql).isPositive();
    }
  }

  static void assertKept(SqliteStateStore in, Driven driven, String seed) {
    ExecutionEntry entry = in.loadEntry(driven.key(), PLANS).orElseThrow();
    assertThat(entry.state()).as(seed).isEqualTo(driven.state());
    assertThat(entry.hash()).as(seed).isEqualTo(driven.hash());
    List<HistoryItem> history = in.history(driven.key(), 0, Integer.MAX_VALUE);
    assertThat(history.stream().map(HistoryItem::event)).as(seed).isEqualTo(driven.events());
    assertThat(history.getLast().hash()).as(seed).isEqualTo(driven.hash());
  }

  final Driven started(String id) {
    Driven one = Driven.of(CHAIN, id);
    store.append(List.of(one.start(clock.instant()), one.step(clock.instant(), 1L).orElseThrow()));
    return one;
  }
}
