package dev.holdfast.journal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.Plan;
import dev.holdfast.journal.Driven;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.Plans;
import dev.holdfast.journal.StateStore.Recovery;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SqliteRecoveryTest extends ReopenedStore {
  private static final int SOAK = Integer.getInteger("holdfast.soak", 1);

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
