package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.core.Plan;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitJournalTest {
  private static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");
  private static final Plan PLAN = Plans.chain("review", 3);
  private static final int ALL = Integer.MAX_VALUE;

  private final GatedStore store = new GatedStore();
  private final List<Long> heard = Collections.synchronizedList(new ArrayList<>());
  private final List<Boolean> completeWhenHeard = Collections.synchronizedList(new ArrayList<>());
  private final List<JournalEntry> entries = new ArrayList<>();
  private final GroupCommitJournal journal =
      new GroupCommitJournal(store, this::hear, Journal.CopyListener.NONE, InstantSource.system());

  private void hear(List<JournalEntry.Content> batch) {
    for (JournalEntry.Content content : batch) {
      heard.add(content.fromSeq());
      completeWhenHeard.add(
          entries.stream().filter(JournalEntry::isDurable).count() >= heard.size());
    }
  }

  @AfterEach
  void close() {
    store.gate.release(ALL - store.gate.availablePermits());
    store.full = false;
    journal.close();
  }

  private void append(JournalEntry entry) {
    entries.add(entry);
    journal.append(entry);
  }

  private void append(List<JournalEntry> all) {
    entries.addAll(all);
    all.forEach(journal::append);
  }

  private static void awaitDurable(JournalEntry entry) {
    assertThat(entry.whenDurable().orTimeout(10, TimeUnit.SECONDS).handle((v, e) -> e).join())
        .isNull();
    assertThat(entry.isDurable()).isTrue();
  }

  @Test
  void entryIsDurableAndLetsGoOfItsContent() {
    Driven one = Driven.of(PLAN, "one");
    JournalEntry entry = one.start(T0);
    append(entry);
    awaitDurable(entry);
    assertThat(org.assertj.core.api.Assertions.catchThrowable(entry::content))
        .isInstanceOf(IllegalStateException.class);
    assertThat(store.load(one.key(), Plans.resolver(PLAN))).contains(one.state());
  }

  @Test
  void whatGathersDuringACommitIsOneBatchInOrder() {
    Driven one = Driven.of(PLAN, "one");
    store.gate.drainPermits();
    append(one.start(T0));
    await().until(() -> store.gate.hasQueuedThreads());
    append(one.finish(T0));
    assertThat(journal.backlog()).isEqualTo(entries.size());
    assertThat(entries).noneMatch(JournalEntry::isDurable);
    store.gate.release(ALL);
    awaitDurable(entries.getLast());
    assertThat(entries).allMatch(JournalEntry::isDurable);
    assertThat(store.batches).containsExactly(1, entries.size() - 1);
    await().until(() -> heard.size() == entries.size());
    assertThat(heard).isSorted();
    assertThat(completeWhenHeard).doesNotContain(false);
    JournalStats stats = journal.stats();
    assertThat(stats.entries()).isEqualTo(entries.size());
    assertThat(stats.events()).isEqualTo(one.events().size());
    assertThat(stats.commits()).isEqualTo(2);
    assertThat(stats.batchMax()).isEqualTo(entries.size() - 1);
    assertThat(stats.backlog()).isZero();
  }

  @Test
  void nobodyIsAcknowledgedWhileTheStoreIsFullAndAllAreAfterwards() {
    Driven one = Driven.of(PLAN, "one");
    store.full = true;
    append(one.start(T0));
    await().until(() -> !journal.isHealthy());
    append(one.finish(T0));
    await().until(() -> store.attempts >= 3);
    assertThat(entries).noneMatch(entry -> entry.whenDurable().isDone());
    assertThat(heard).isEmpty();
    store.full = false;
    awaitDurable(entries.getLast());
    assertThat(journal.isHealthy()).isTrue();
    assertThat(journal.stats().failedCommits()).isGreaterThanOrEqualTo(3);
    assertThat(store.load(one.key(), Plans.resolver(PLAN))).contains(one.state());
  }

  @Test
  void fencedEntryFailsAndTheOthersGoOn() {
    Driven one = Driven.of(PLAN, "one");
    Driven other = Driven.of(PLAN, "other");
    append(one.start(T0));
    JournalEntry lost = one.step(T0, null).orElseThrow();
    JournalEntry fenced = one.step(T0, null).orElseThrow();
    assertThat(lost.isDurable()).isFalse();
    append(fenced);
    JournalEntry fine = other.start(T0);
    append(fine);
    awaitDurable(fine);
    assertThat(fenced.whenDurable()).isCompletedExceptionally();
    assertThat(fenced.whenDurable().exceptionNow()).isInstanceOf(FencedException.class);
    assertThat(journal.stats().fenced()).isEqualTo(1);
    await().until(() -> heard.size() == 2);
  }

  @Test
  void listenerThatThrowsStopsNothing() {
    var calls = new ArrayList<Integer>();
    try (var other =
        new GroupCommitJournal(
            store,
            batch -> {
              calls.add(batch.size());
              throw new IllegalStateException("a listener's bug");
            },
            Journal.CopyListener.NONE,
            InstantSource.system())) {
      Driven one = Driven.of(PLAN, "one");
      JournalEntry first = one.start(T0);
      other.append(first);
      awaitDurable(first);
      JournalEntry second = one.step(T0, null).orElseThrow();
      other.append(second);
      awaitDurable(second);
    }
    assertThat(calls).hasSize(2);
  }

  @Test
  void closeWritesWhatHasGathered() {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0));
    append(one.finish(T0));
    journal.close();
    assertThat(entries).allMatch(JournalEntry::isDurable);
    assertThat(heard).hasSize(entries.size());
  }

  @Test
  void entryAfterTheCloseFails() {
    journal.close();
    JournalEntry late = Driven.of(PLAN, "late").start(T0);
    journal.append(late);
    assertThat(late.whenDurable().isCompletedExceptionally()).isTrue();
    assertThat(late.whenDurable().exceptionNow()).hasMessageContaining("closed");
    assertThat(journal.backlog()).isZero();
  }

  @Test
  void batchesAreBounded() {
    store.gate.drainPermits();
    append(Driven.of(PLAN, "first").start(T0));
    await().until(() -> store.gate.hasQueuedThreads());
    for (int i = 0; i < GroupCommitJournal.BATCH_ENTRIES_MAX + 10; i++) {
      append(Driven.of(PLAN, "x" + i).start(T0));
    }
    store.gate.release(ALL);
    awaitDurable(entries.getLast());
    assertThat(store.batches).containsExactly(1, GroupCommitJournal.BATCH_ENTRIES_MAX, 10);
  }

  @Test
  void mapStoreQueuesAnEntryOnce() {
    Driven one = Driven.of(PLAN, "one");
    JournalEntry entry = one.start(T0);
    entries.add(entry);
    var value = new ExecutionEntry(one.state(), one.hash(), entry);
    var mapStore = mapStore(journal);
    mapStore.store(one.key().text(), value);
    mapStore.storeAll(Map.of(one.key().text(), value));
    awaitDurable(entry);
    mapStore.store(one.key().text(), value);
    mapStore.store(
        one.key().text(), new ExecutionEntry(one.state(), one.hash(), JournalEntry.durable()));
    journal.close();
    assertThat(journal.stats().entries()).isEqualTo(1);
    assertThat(journal.stats().fenced()).isZero();
  }

  @Test
  void mapStoreReadsNothingThrough() {
    Driven one = Driven.of(PLAN, "one");
    JournalEntry entry = one.start(T0);
    entries.add(entry);
    var mapStore = mapStore(journal);
    mapStore.store(one.key().text(), new ExecutionEntry(one.state(), one.hash(), entry));
    awaitDurable(entry);
    assertThat(mapStore.load(one.key().text())).isNull();
    assertThat(mapStore.loadAll(List.of(one.key().text()))).isEmpty();
    assertThat(mapStore.loadAllKeys()).isEmpty();
  }

  private static ExecutionMapStore mapStore(Journal journal) {
    var mapStore = new ExecutionMapStore();
    mapStore.use(journal);
    return mapStore;
  }
}
