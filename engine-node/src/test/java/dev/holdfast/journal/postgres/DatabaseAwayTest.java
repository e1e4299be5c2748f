package dev.holdfast.journal.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.core.Plan;
import dev.holdfast.journal.Driven;
import dev.holdfast.journal.GroupCommitJournal;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.Journal;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.Plans;
import dev.holdfast.journal.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Entries flow while the database is taken away and brought back. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DatabaseAwayTest {
  private static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");
  private static final Plan PLAN = Plans.chain("review", 3);
  private static final PlanResolver PLANS = Plans.resolver(PLAN);
  private static final int UNDER_WAY_MAX = 200;

  private final PostgresServer server = PostgresServer.start(false);
  private final String url = server.newDatabase();

  @AfterEach
  void closeServer() {
    server.close();
  }

  private static PostgresStateStore open(String url) {
    // A hang is noticed after two seconds instead of five.
    return new PostgresStateStore(
        PostgresServer.settings(url + "?socketTimeout=2"), InstantSource.system());
  }

  /** Feeds a journal on a thread of its own, and notes what it acknowledges. */
  private static final class Flow implements AutoCloseable {
    final PostgresStateStore store;
    final GroupCommitJournal journal;
    final Map<String, Driven> all = new ConcurrentHashMap<>();
    final Queue<JournalEntry.Content> acknowledged = new ConcurrentLinkedQueue<>();
    final AtomicInteger refused = new AtomicInteger();
    private final Thread thread;
    private volatile boolean stopped;

    Flow(PostgresStateStore store) {
      this.store = store;
      this.journal =
          new GroupCommitJournal(
              store, batch -> {}, Journal.CopyListener.NONE, InstantSource.system());
      this.thread = Thread.ofPlatform().start(this::run);
    }

    private void run() {
      var underWay = new ArrayDeque<JournalEntry>();
      for (int i = 0; !stopped; i++) {
        Driven one = Driven.of(PLAN, "x" + i);
        all.put(one.key().text(), one);
        var entries = new ArrayList<>(List.of(one.start(T0, Map.of("n", "" + i % 7), null)));
        entries.addAll(i % 3 == 0 ? List.of(one.step(T0, null).orElseThrow()) : one.finish(T0));
        for (JournalEntry entry : entries) {
          JournalEntry.Content content = entry.content();
          entry
              .whenDurable()
              .whenComplete((done, failure) -> {
                if (failure == null) {
                  acknowledged.add(content);
                } else {
                  refused.incrementAndGet();
                }
              });
          journal.append(entry);
          underWay.add(entry);
        }
        while (underWay.size() > UNDER_WAY_MAX && !stopped) {
          if (underWay.peek().whenDurable().isDone()) {
            underWay.remove();
          } else {
            Thread.onSpinWait();
          }
        }
      }
    }

    void awaitMore(int entries) {
      int now = acknowledged.size();
      await().atMost(Duration.ofSeconds(40)).until(() -> acknowledged.size() >= now + entries);
    }

    /** Writes what has gathered. */
    @Override
    public void close() {
      stopped = true;
      await().until(() -> !thread.isAlive());
      journal.close();
    }
  }

  private static void assertAllThere(Flow flow) {
    assertThat(flow.refused).hasValue(0);
    Set<String> wrong = new HashSet<>();
    for (JournalEntry.Content content : flow.acknowledged) {
      List<HistoryItem> last = flow.store.history(content.key(), content.after().seq() - 1, 1);
      if (last.size() != 1 || !Arrays.equals(last.getFirst().hash(), content.hash())) {
        wrong.add(content.key() + " at " + content.after().seq());
      }
    }
    assertThat(wrong).isEmpty();
    flow.all.values().stream()
        .limit(100)
        .forEach(one -> assertThat(flow.store.load(one.key(), PLANS)).contains(one.state()));
  }

  private void assertNothingIsAcknowledgedUntil(Flow flow, Runnable back) {
    await().atMost(Duration.ofSeconds(15)).until(() -> !flow.journal.isHealthy());
    int before = flow.acknowledged.size();
    long begun = System.nanoTime();
    assertThatThrownBy(() -> flow.store.load(flow.all.get("default/x0").key(), PLANS))
        .isInstanceOf(StoreException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(6));
    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(2))
        .until(() -> flow.acknowledged.size() == before && !flow.journal.isHealthy());
    back.run();
    flow.awaitMore(1000);
    assertThat(flow.journal.isHealthy()).isTrue();
    await()
        .atMost(Duration.ofSeconds(15))
        .ignoreExceptionsInstanceOf(StoreException.class)
        .until(() -> flow.store.load(flow.all.get("default/x0").key(), PLANS).isPresent());
  }

  @Test
  void stoppedKilledAndHangingDatabaseLosesNothingAndNothingIsAcknowledgedMeanwhile() {
    try (var store = open(url)) {
      var flow = new Flow(store);
      try (flow) {
        flow.awaitMore(1000);
        server.stop();
        assertNothingIsAcknowledgedUntil(flow, server::start);
        server.kill();
        assertNothingIsAcknowledgedUntil(flow, server::start);
        server.suspend();
        assertNothingIsAcknowledgedUntil(flow, server::resume);
      }
      assertAllThere(flow);
      assertThat(flow.journal.stats().failedCommits()).isGreaterThanOrEqualTo(3);
    }
  }

  @Test
  void commitWhoseAnswerIsLostIsRepeatedWithoutHarm() throws IOException {
    try (var proxy = new CuttingProxy(url);
        var store = open(proxy.url())) {
      var flow = new Flow(store);
      try (flow) {
        for (int i = 1; i <= 20; i++) {
          int cuts = i;
          flow.awaitMore(50);
          proxy.cutAfter(i % 4);
          await().atMost(Duration.ofSeconds(20)).until(() -> proxy.cuts() >= cuts);
        }
        flow.awaitMore(50);
      }
      assertAllThere(flow);
    }
  }
}
