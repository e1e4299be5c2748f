package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.api.TaskError;
import dev.holdfast.core.Command;
import dev.holdfast.core.Event;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Plan;
import dev.holdfast.core.Schedule;
import dev.holdfast.core.ScheduleCommand.SetSchedule;
import dev.holdfast.core.ScheduleCommand.SwitchSchedule;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store promises. */
public abstract class StateStoreContract {
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

  @Test
  void whatWasAppendedIsLoaded() {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0));
    assertKept(one);
    append(one.step(T0, null).orElseThrow(), one.step(T0.plusMillis(5), "x").orElseThrow());
    assertKept(one);
    append(one.finish(T0.plusSeconds(1)));
    assertThat(one.state().status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertKept(one);
  }

  @Test
  void wholeExecutionInOneBatchIsLoaded() {
    Driven one = Driven.of(PLAN, "one");
    var entries = new ArrayList<JournalEntry>();
    entries.add(one.start(T0));
    entries.addAll(one.finish(T0));
    append(entries);
    assertKept(one);
  }

  @Test
  void schedulesAreKeptAndNotListed() {
    ExecutionKey key = ExecutionKey.ofSchedule("default", "nightly");
    Driven schedule = new Driven(Schedule.PLAN, key);
    var set = new SetSchedule(key, ScheduleSpec.of("* * * * *", "review"), "ann");
    append(schedule.apply(set, T0).orElseThrow());
    append(schedule.apply(new Command.FireTimers(), T0.plusSeconds(60)).orElseThrow());
    assertKept(schedule);
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0));
    assertThat(ids(query("default"))).containsExactly("one");
    assertThat(store.purge("default", T0.plusSeconds(600), false)).isZero();
    assertKept(schedule);
    var delete = new SwitchSchedule("d", ScheduleStatus.DELETED, "ann", null);
    append(schedule.apply(delete, T0.plusSeconds(90)).orElseThrow());
    assertKept(schedule);
    append(schedule.apply(set, T0.plusSeconds(100)).orElseThrow());
    assertKept(schedule);
    assertThat(schedule.state().status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(ids(query("default"))).containsExactly("one");
  }

  @Test
  void unknownExecutionIsEmpty() {
    var key = new ExecutionKey("default", "nobody");
    assertThat(store.load(key, PLANS)).isEmpty();
    assertThat(store.loadEntry(key, PLANS)).isEmpty();
    assertThat(store.history(key, 0, 10)).isEmpty();
    assertThat(store.latestCheckpoint(key)).isEmpty();
  }

  @Test
  void sameIdInTwoTenantsIsTwoExecutions() {
    Driven ours = new Driven(PLAN, new ExecutionKey("ours", "one"));
    Driven theirs = new Driven(PLAN, new ExecutionKey("theirs", "one"));
    append(ours.start(T0), theirs.start(T0));
    append(ours.pause(T0));
    assertKept(ours);
    assertKept(theirs);
    assertThat(ids(query("ours"))).containsExactly("one");
  }

  @Test
  void entryThatLeavesAGapIsFenced() {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0));
    JournalEntry lost = one.step(T0, null).orElseThrow();
    JournalEntry next = one.step(T0, null).orElseThrow();
    Driven other = Driven.of(PLAN, "other");
    JournalEntry others = other.start(T0);
    store.append(List.of(next, others));
    assertThat(isFenced(next)).isTrue();
    assertThat(others.whenDurable().isDone()).isFalse();
    assertKept(other);
    append(lost, next(one, lost, next));
    assertKept(one);
  }

  /** The same entry, not failed yet. */
  private static JournalEntry next(Driven one, JournalEntry lost, JournalEntry failed) {
    assertThat(failed.content().previousHash()).isEqualTo(lost.content().hash());
    assertThat(failed.content().hash()).isEqualTo(one.hash());
    return JournalEntry.pending(failed.content());
  }

  @Test
  void entryOfAnotherChainIsFenced() {
    Driven one = Driven.of(PLAN, "one");
    Driven twin = Driven.of(PLAN, "one");
    append(one.start(T0));
    JournalEntry again = twin.start(T0.plusSeconds(1));
    store.append(List.of(again));
    assertThat(isFenced(again)).isTrue();
    JournalEntry after = twin.step(T0, null).orElseThrow();
    store.append(List.of(after));
    assertThat(isFenced(after)).isTrue();
    assertKept(one);
  }

  @Test
  void startOfAnEndedExecutionIsFenced() {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0));
    append(one.finish(T0));
    JournalEntry again = Driven.of(PLAN, "one").start(T0.plusSeconds(1));
    store.append(List.of(again));
    assertThat(isFenced(again)).isTrue();
    assertKept(one);
  }

  @Test
  void failedExecutionIsRetried() {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0), one.step(T0, null).orElseThrow());
    var attempt = one.state().task("t0").runningAttempt();
    assertThat(attempt).isNotNull();
    append(
        one.apply(
                new Command.FailTask(
                    "t0", 1, attempt.nonce(), new TaskError("fatal", "no"), true, null),
                T0)
            .orElseThrow());
    assertThat(one.state().status()).isEqualTo(ExecutionStatus.FAILED);
    assertKept(one);
    assertThat(store.list(query("default")).items().getFirst().error()).isEqualTo("fatal: no");

    append(one.apply(new Command.RetryExecution("r", "ann", null), T0).orElseThrow());
    assertKept(one);
    ExecutionRow row = store.list(query("default")).items().getFirst();
    assertThat(row.status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(row.endedAt()).isNull();
    assertThat(row.error()).isNull();

    append(one.finish(T0.plusSeconds(1)));
    assertKept(one);
    assertThat(store.list(query("default")).items().getFirst().status())
        .isEqualTo(ExecutionStatus.COMPLETED);
  }

  @Test
  void historyIsPaged() {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0));
    append(one.finish(T0));
    var paged = new ArrayList<Event>();
    long after = 0;
    while (true) {
      List<HistoryItem> page = store.history(one.key(), after, 3);
      if (page.isEmpty()) {
        break;
      }
      assertThat(page.getFirst().seq()).isEqualTo(after + 1);
      assertThat(page).hasSizeLessThanOrEqualTo(3);
      page.forEach(item -> paged.add(item.event()));
      after = page.getLast().seq();
    }
    assertThat(paged).isEqualTo(one.events());
  }

  protected static ExecutionQuery query(String tenant) {
    return new ExecutionQuery(tenant, null, null, null, Map.of(), null, null, 100, null);
  }

  protected List<String> ids(ExecutionQuery query) {
    return store.list(query).items().stream().map(row -> row.key().id()).toList();
  }

  @Test
  void listShowsTheExecution() {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0, Map.of("customer", "acme"), "s-1"));
    append(one.step(T0.plusSeconds(3), null).orElseThrow());
    assertThat(store.list(query("default")).items())
        .containsExactly(
            new ExecutionRow(
                one.key(),
                "review",
                1,
                ExecutionStatus.RUNNING,
                "s-1",
                Map.of("customer", "acme"),
                5,
                T0,
                T0.plusSeconds(3),
                null,
                null));
    append(one.finish(T0.plusSeconds(9)));
    ExecutionRow ended = store.list(query("default")).items().getFirst();
    assertThat(ended.status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(ended.updatedAt()).isEqualTo(T0.plusSeconds(9));
    assertThat(ended.endedAt()).isEqualTo(T0.plusSeconds(9));
  }

  @Test
  void listIsFiltered() {
    Driven paused = Driven.of(PLAN, "paused");
    Driven done = Driven.of(PLAN, "done");
    Driven failed = Driven.of(Plans.chain("other", 1), "failed");
    append(paused.start(T0, Map.of("k", "v", "x", "1"), "s-1"));
    append(done.start(T0.plusSeconds(10), Map.of("k", "v", "x", "2"), "s-1"));
    append(failed.start(T0.plusSeconds(20), Map.of("k", "w"), null));
    append(paused.pause(T0.plusSeconds(30)));
    append(done.finish(T0.plusSeconds(30)));
    append(
        failed
            .apply(new Command.CancelExecution("c", "ann", null), T0.plusSeconds(30))
            .orElseThrow());

    assertThat(ids(query("default"))).containsExactly("failed", "done", "paused");
    assertThat(ids(status(ExecutionStatus.PAUSED))).containsExactly("paused");
    assertThat(ids(status(ExecutionStatus.COMPLETED))).containsExactly("done");
    assertThat(ids(status(ExecutionStatus.CANCELLED))).containsExactly("failed");
    assertThat(ids(status(ExecutionStatus.RUNNING))).isEmpty();
    assertThat(ids(filter("other", null, Map.of(), null, null))).containsExactly("failed");
    assertThat(ids(filter(null, "s-1", Map.of(), null, null))).containsExactly("done", "paused");
    assertThat(ids(filter(null, null, Map.of("k", "v"), null, null)))
        .containsExactly("done", "paused");
    assertThat(ids(filter(null, null, Map.of("k", "v", "x", "1"), null, null)))
        .containsExactly("paused");
    assertThat(ids(filter(null, "s-1", Map.of("x", "2"), T0, null))).containsExactly("done");
    assertThat(ids(filter(null, null, Map.of(), T0.plusSeconds(10), null)))
        .containsExactly("failed", "done");
    assertThat(ids(filter(null, null, Map.of(), T0, T0.plusSeconds(20))))
        .containsExactly("done", "paused");
    assertThat(ids(query("nobody"))).isEmpty();
  }

  private static ExecutionQuery status(ExecutionStatus status) {
    return new ExecutionQuery("default", status, null, null, Map.of(), null, null, 100, null);
  }

  private static ExecutionQuery filter(
      @Nullable String definition,
      @Nullable String session,
      Map<String, String> attributes,
      @Nullable Instant from,
      @Nullable Instant to) {
    return new ExecutionQuery(
        "default", null, definition, session, attributes, from, to, 100, null);
  }

  @Test
  void listIsPagedByKeysetWhileItGrows() {
    // Three start at the same instant each time, so that the order within an instant shows too.
    List<Driven> all = IntStream.range(0, 30).mapToObj(i -> Driven.of(PLAN, "x" + i)).toList();
    for (int i = 0; i < 30; i++) {
      append(all.get(i).start(T0.plusMillis(i / 3), Map.of("k", "v"), null));
    }
    for (Map<String, String> attributes : List.of(Map.<String, String>of(), Map.of("k", "v"))) {
      var seen = new ArrayList<String>();
      String cursor = null;
      do {
        ExecutionPage page =
            store.list(
                new ExecutionQuery("default", null, null, null, attributes, null, null, 7, cursor));
        page.items().forEach(row -> seen.add(row.key().id()));
        cursor = page.nextCursor();
        append(
            Driven.of(PLAN, "later" + attributes.size() + seen.size())
                .start(T0.plusSeconds(60), Map.of("k", "v"), null));
      } while (cursor != null);
      assertThat(seen.stream().filter(id -> id.startsWith("x")))
          .containsExactlyElementsOf(IntStream.range(0, 30).mapToObj(i -> "x" + (29 - i)).toList());
    }
  }

  @Test
  void badCursorAndLimitAreRefused() {
    assertThatThrownBy(() ->
            store.list(
                new ExecutionQuery("default", null, null, null, Map.of(), null, null, 10, "?!")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            store.list(
                new ExecutionQuery("default", null, null, null, Map.of(), null, null, 1001, null)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void liveOnesAreRecoveredInTheSameStore() {
    Driven live = Driven.of(PLAN, "live");
    Driven ended = Driven.of(PLAN, "ended");
    append(live.start(T0), ended.start(T0));
    append(ended.finish(T0));
    var found = new HashMap<ExecutionKey, ExecutionState>();
    StateStore.Recovery recovery =
        store.recover(PLANS, entry -> found.put(entry.state().key(), entry.state()));
    assertThat(recovery).isEqualTo(new StateStore.Recovery(1, List.of()));
    assertThat(found).isEqualTo(Map.of(live.key(), live.state()));
  }

  @Test
  void oldOnesArePurged() {
    Driven old = Driven.of(PLAN, "old");
    Driven recent = Driven.of(PLAN, "recent");
    Driven live = Driven.of(PLAN, "live");
    Driven theirs = new Driven(PLAN, new ExecutionKey("theirs", "old"));
    append(old.start(T0, Map.of("k", "v"), null), recent.start(T0), live.start(T0));
    append(theirs.start(T0));
    append(old.finish(T0.plusSeconds(1)));
    append(theirs.finish(T0.plusSeconds(1)));
    append(recent.finish(T0.plusSeconds(100)));
    Instant limit = T0.plusSeconds(50);

    assertThat(store.purge(null, limit, true)).isEqualTo(2);
    assertThat(store.purge("default", limit, true)).isEqualTo(1);
    assertKept(old);
    assertThat(store.purge("default", limit, false)).isEqualTo(1);
    assertThat(store.load(old.key(), PLANS)).isEmpty();
    assertThat(store.history(old.key(), 0, 10)).isEmpty();
    assertThat(ids(query("default"))).containsExactlyInAnyOrder("recent", "live");
    assertThat(ids(filter(null, null, Map.of("k", "v"), null, null))).isEmpty();
    assertKept(recent);
    assertKept(live);
    assertKept(theirs);
    assertThat(store.purge(null, limit, false)).isEqualTo(1);
    assertThat(store.purge(null, limit, false)).isZero();
  }

  @Test
  void definitionsAreKept() {
    var second = new StoredDefinition("default", "a", 2, "d2", "application/json", "{}", T0);
    var first = new StoredDefinition("default", "a", 1, "d1", "application/yaml", "name: a", T0);
    store.putDefinition(first);
    store.putDefinition(second);
    assertThat(store.definitions()).containsExactly(first, second);
  }

  protected void maintainAll(Instant now) {
    while (store.maintain(now)) {
      assertThat(store.sizeBytes()).isPositive();
    }
  }

  @Test
  void upkeepChangesNothingThatIsSeen() {
    List<Driven> all = IntStream.range(0, 20).mapToObj(i -> Driven.of(PLAN, "x" + i)).toList();
    for (Driven one : all) {
      append(one.start(T0), one.step(T0, null).orElseThrow());
    }
    Instant later = Instant.now().plus(Duration.ofMinutes(10));
    maintainAll(later);
    all.forEach(this::assertKept);
    for (Driven one : all) {
      append(one.step(T0, null).orElseThrow());
    }
    all.forEach(this::assertKept);
    maintainAll(later);
    all.forEach(one -> append(one.finish(T0)));
    all.forEach(this::assertKept);
  }
}
