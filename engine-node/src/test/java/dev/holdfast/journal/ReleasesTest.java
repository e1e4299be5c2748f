package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.core.Plan;
import dev.holdfast.journal.JournalEntry.Origin;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Entries that wait for a commit here and a confirmation from elsewhere. */
class ReleasesTest {
  private static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");
  private static final Plan PLAN = Plans.chain("review", 3);
  private static final int ALL = Integer.MAX_VALUE;
  private static final UUID OWNER = new UUID(1, 2);

  private final GatedStore store = new GatedStore();
  private final List<Long> heard = Collections.synchronizedList(new ArrayList<>());
  private final List<Origin> copied = Collections.synchronizedList(new ArrayList<>());
  private final GroupCommitJournal journal =
      new GroupCommitJournal(store, this::hear, copied::addAll, InstantSource.system());
  private long ids;

  private void hear(List<JournalEntry.Content> batch) {
    batch.forEach(content -> heard.add(content.fromSeq()));
  }

  @AfterEach
  void close() {
    store.gate.release(ALL - store.gate.availablePermits());
    journal.close();
  }

  private JournalEntry toConfirm(JournalEntry plain, JournalEntry before) {
    JournalEntry entry = JournalEntry.toConfirm(plain.content(), ++ids).after(before);
    journal.expect(entry);
    return entry;
  }

  private void awaitCommits(int count) {
    await().until(() -> journal.stats().entries() == count);
  }

  @Test
  void aCommitAloneIsNotEnough() {
    JournalEntry entry = toConfirm(Driven.of(PLAN, "one").start(T0), JournalEntry.durable());
    journal.append(entry);
    awaitCommits(1);
    assertThat(entry.whenDurable()).isNotDone();
    assertThat(heard).isEmpty();
    journal.confirmed(new long[] {entry.id()});
    assertThat(entry.isDurable()).isTrue();
    await().until(() -> heard.equals(List.of(1L)));
    assertThat(journal.unconfirmed()).isEmpty();
  }

  @Test
  void whoAsksIsToldOnceAllThatIsDurableHasBeenHeard() {
    var mayHear = new CompletableFuture<Void>();
    try (var slow =
        new GroupCommitJournal(
            store,
            batch -> {
              mayHear.join();
              hear(batch);
            },
            copied::addAll,
            InstantSource.system())) {
      JournalEntry entry = Driven.of(PLAN, "one").start(T0);
      slow.append(entry);
      entry.whenDurable().join();
      CompletableFuture<Void> told = slow.told();
      assertThat(told).isNotDone();
      mayHear.complete(null);
      assertThat(told.thenApply(unused -> List.copyOf(heard)).join()).containsExactly(1L);
    }
  }

  @Test
  void afterTheEndThereIsNothingToBeTold() {
    journal.close();
    assertThat(journal.told()).isCompleted();
  }

  @Test
  void aConfirmationAloneIsNotEnough() {
    store.gate.drainPermits();
    JournalEntry entry = toConfirm(Driven.of(PLAN, "one").start(T0), JournalEntry.durable());
    journal.append(entry);
    journal.confirmed(new long[] {entry.id()});
    assertThat(entry.whenDurable()).isNotDone();
    store.gate.release(1);
    await().until(entry::isDurable);
  }

  @Test
  void aConfirmationHoldsForWhatCameBeforeOfTheSameExecution() {
    Driven one = Driven.of(PLAN, "one");
    JournalEntry first = toConfirm(one.start(T0), JournalEntry.durable());
    JournalEntry second = toConfirm(one.step(T0, "x").orElseThrow(), first);
    JournalEntry other = toConfirm(Driven.of(PLAN, "two").start(T0), JournalEntry.durable());
    List.of(first, second, other).forEach(journal::append);
    awaitCommits(3);
    journal.confirmed(new long[] {second.id()});
    assertThat(first.isDurable()).isTrue();
    assertThat(second.isDurable()).isTrue();
    assertThat(other.whenDurable()).isNotDone();
    assertThat(journal.unconfirmed()).containsExactly(other);
  }

  @Test
  void seqsAreHeardInOrderWhateverTheOrderOfCommitsAndConfirmations() {
    Driven one = Driven.of(PLAN, "one");
    var random = new Random(7);
    var entries = new ArrayList<JournalEntry>();
    entries.add(toConfirm(one.start(T0), JournalEntry.durable()));
    while (!one.state().status().isEnded()) {
      entries.add(toConfirm(one.step(T0, "x").orElseThrow(), entries.getLast()));
    }
    var confirmations = new ArrayList<>(entries);
    Collections.shuffle(confirmations, random);
    var appended = new ArrayList<>(entries);
    while (!appended.isEmpty() || !confirmations.isEmpty()) {
      if (!appended.isEmpty() && random.nextBoolean()) {
        journal.append(appended.removeFirst());
      } else if (!confirmations.isEmpty()) {
        journal.confirmed(new long[] {confirmations.removeFirst().id()});
      }
    }
    await().until(() -> entries.stream().allMatch(JournalEntry::isDurable));
    await().until(() -> heard.size() == entries.size());
    assertThat(heard).isSorted();
  }

  @Test
  void copiesAreConfirmedToTheirOwnerAndHeardByNobodyElse() {
    JournalEntry plain = Driven.of(PLAN, "one").start(T0);
    JournalEntry copy = JournalEntry.copy(plain.content(), new Origin(OWNER, 41));
    journal.append(copy);
    await().until(() -> copied.equals(List.of(new Origin(OWNER, 41))));
    assertThat(copy.isDurable()).isTrue();
    assertThat(heard).isEmpty();
  }

  @Test
  void whatNobodyWillConfirmFails() {
    JournalEntry lost = toConfirm(Driven.of(PLAN, "one").start(T0), JournalEntry.durable());
    JournalEntry kept = toConfirm(Driven.of(PLAN, "two").start(T0), JournalEntry.durable());
    journal.append(lost);
    journal.append(kept);
    awaitCommits(2);
    journal.failUnconfirmed(
        content -> content.key().id().equals("one"), new IllegalStateException("moved"));
    assertThat(lost.hasFailed()).isTrue();
    assertThat(kept.whenDurable()).isNotDone();
    journal.confirmed(new long[] {lost.id(), kept.id()});
    assertThat(kept.isDurable()).isTrue();
    assertThat(lost.isDurable()).isFalse();
    await().until(() -> heard.size() == 1);
  }

  @Test
  void aTailIsWhatIsNotDurableYetOldestFirst() {
    Driven one = Driven.of(PLAN, "one");
    JournalEntry first = JournalEntry.copy(one.start(T0).content(), new Origin(OWNER, 1));
    JournalEntry second =
        JournalEntry.copy(one.step(T0, "x").orElseThrow().content(), new Origin(OWNER, 2))
            .after(first);
    JournalEntry third =
        JournalEntry.copy(one.step(T0, "x").orElseThrow().content(), new Origin(OWNER, 3))
            .after(second);
    assertThat(third.tail()).containsExactly(first, second, third);
    second.tail().forEach(JournalEntry::completeUnlessSubmitted);
    assertThat(third.tail()).containsExactly(third);
    assertThat(third.submit()).isTrue();
    third.completeUnlessSubmitted();
    assertThat(third.whenDurable()).isNotDone();
  }
}
