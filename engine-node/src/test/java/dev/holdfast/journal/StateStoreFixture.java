package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.Plan;
import dev.holdfast.core.Schedule;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A store, and what tests of every kind of store do with it. */
public abstract class StateStoreFixture {
  protected static final Instant T0 = Instant.parse("2026-03-01T10:00:00.123456Z");
  protected static final Plan PLAN = Plans.chain("review", 3);
  protected static final PlanResolver PLANS = Plans.resolver(PLAN, Schedule.PLAN);

  protected StateStore store = new MemoryStateStore();

  /** A store without content. */
  protected abstract StateStore create();

  @BeforeEach
  void recoverEmpty() {
    store = create();
    assertThat(store.recover(PLANS, entry -> {})).isEqualTo(new StateStore.Recovery(0, List.of()));
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  protected void append(JournalEntry... entries) {
    append(Arrays.asList(entries));
  }

  protected void append(List<JournalEntry> entries) {
    store.append(entries);
    assertThat(entries).noneMatch(entry -> entry.whenDurable().isDone());
  }

  protected void assertKept(Driven driven) {
    assertThat(store.load(driven.key(), PLANS)).contains(driven.state());
    ExecutionEntry entry = store.loadEntry(driven.key(), PLANS).orElseThrow();
    assertThat(entry.state()).isEqualTo(driven.state());
    assertThat(entry.hash()).isEqualTo(driven.hash());
    assertThat(entry.last().isDurable()).isTrue();
    List<HistoryItem> history = store.history(driven.key(), 0, Integer.MAX_VALUE);
    assertThat(history.stream().map(HistoryItem::event)).isEqualTo(driven.events());
    assertThat(history.getLast().hash()).isEqualTo(driven.hash());
  }

  protected static boolean isFenced(JournalEntry entry) {
    return entry.whenDurable().isCompletedExceptionally()
        && entry.whenDurable().exceptionNow() instanceof FencedException;
  }

  protected static ExecutionQuery query(String tenant) {
    return new ExecutionQuery(tenant, null, null, null, Map.of(), null, null, 100, null);
  }

  protected List<String> ids(ExecutionQuery query) {
    return store.list(query).items().stream().map(row -> row.key().id()).toList();
  }
}
