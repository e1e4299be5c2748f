package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskError;
import dev.holdfast.core.Command;
import dev.holdfast.core.Event;
import dev.holdfast.core.ExecutionState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store promises. */
public abstract class StateStoreContract extends ListingContract {
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
