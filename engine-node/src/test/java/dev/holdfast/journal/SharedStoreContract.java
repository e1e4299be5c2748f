package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store promises that several members write to. */
public abstract class SharedStoreContract extends StateStoreContract {
  private static final int SOAK = Integer.getInteger("holdfast.soak", 1);

  private final List<SharedStore> others = new ArrayList<>();

  /** One more member's view of the store that {@link #create} has made. */
  protected abstract SharedStore another();

  private SharedStore other() {
    return others.getFirst();
  }

  @BeforeEach
  void openOther() {
    others.add(another());
  }

  @AfterEach
  void closeOther() {
    others.forEach(SharedStore::close);
  }

  /** The entry as its backup has it. */
  private static JournalEntry copy(JournalEntry entry) {
    return JournalEntry.pending(entry.content());
  }

  private static void assertTaken(JournalEntry... entries) {
    assertThat(entries).noneMatch(entry -> entry.whenDurable().isDone());
  }

  @Test
  void otherMemberGoesOn() {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0));
    JournalEntry next = one.step(T0, null).orElseThrow();
    other().append(List.of(next));
    assertTaken(next);
    assertKept(one);
    // And back again, which the first one's memory does not expect.
    append(one.step(T0, null).orElseThrow());
    List<JournalEntry> rest = one.finish(T0);
    other().append(rest);
    assertTaken(rest.toArray(JournalEntry[]::new));
    assertKept(one);
  }

  @Test
  void sameEntryAgainIsTakenWhoeverWritesIt() {
    Driven one = Driven.of(PLAN, "one");
    JournalEntry start = one.start(T0, Map.of("k", "v"), "s");
    JournalEntry step = one.step(T0, null).orElseThrow();
    append(start, copy(start), step);
    JournalEntry next = one.step(T0, "x").orElseThrow();
    for (SharedStore store : List.of(other(), (SharedStore) this.store, other())) {
      List<JournalEntry> tail = List.of(copy(start), copy(step), copy(next));
      store.append(tail);
      assertTaken(tail.toArray(JournalEntry[]::new));
      assertKept(one);
    }
    assertThat(store.list(query("default")).items()).hasSize(1);
  }

  @Test
  void anothersEventsAtTheSamePlaceAreFencedAndTheRestOfTheBatchIsWritten() {
    Driven mine = Driven.of(PLAN, "one");
    Driven theirs = Driven.of(PLAN, "one");
    JournalEntry start = mine.start(T0);
    theirs.start(T0);
    append(start);
    JournalEntry stale = mine.step(T0, null).orElseThrow();
    JournalEntry staleNext = mine.step(T0, null).orElseThrow();
    JournalEntry first = theirs.step(T0.plusSeconds(1), null).orElseThrow();
    JournalEntry second = theirs.step(T0.plusSeconds(1), null).orElseThrow();
    other().append(List.of(first));
    Driven fresh = Driven.of(PLAN, "fresh");
    JournalEntry unrelated = fresh.start(T0);
    store.append(List.of(stale, unrelated, staleNext));
    assertThat(isFenced(stale)).isTrue();
    assertThat(isFenced(staleNext)).isTrue();
    assertTaken(unrelated);
    assertKept(fresh);
    other().append(List.of(second));
    assertKept(theirs);
  }

  @Test
  void beginOfAnothersExecutionIsFenced() {
    Driven mine = Driven.of(PLAN, "one");
    Driven theirs = Driven.of(PLAN, "one");
    JournalEntry first = mine.start(T0);
    JournalEntry second = theirs.start(T0.plusSeconds(1));
    append(first);
    other().append(List.of(second));
    assertThat(isFenced(second)).isTrue();
    assertKept(mine);
  }

  @Test
  void endedAndPurgedElsewhereIsFenced() {
    Driven mine = Driven.of(PLAN, "one");
    Driven theirs = Driven.of(PLAN, "one");
    JournalEntry start = mine.start(T0);
    theirs.start(T0);
    append(start);
    JournalEntry stale = mine.step(T0, null).orElseThrow();
    other().append(theirs.finish(T0.plusSeconds(1)));
    assertThat(other().purge(null, T0.plusSeconds(2), false)).isEqualTo(1);
    store.append(List.of(stale));
    assertThat(isFenced(stale)).isTrue();
    assertThat(store.load(mine.key(), PLANS)).isEmpty();
    assertThat(store.history(mine.key(), 0, 10)).isEmpty();
  }

  @Test
  void headsAreWhatIsDurable() {
    Driven one = Driven.of(PLAN, "one");
    Driven two = Driven.of(PLAN, "two");
    append(one.start(T0), two.start(T0), two.step(T0, null).orElseThrow());
    var nobody = new ExecutionKey("default", "nobody");
    assertThat(other().heads(List.of(one.key(), two.key(), nobody)))
        .isEqualTo(Map.of(one.key(), one.state().seq(), two.key(), two.state().seq()));
    assertThat(other().heads(List.of())).isEmpty();
  }

  @Test
  void onlyWhatIsWantedIsRecovered() {
    List<Driven> all = IntStream.range(0, 600).mapToObj(i -> Driven.of(PLAN, "x" + i)).toList();
    append(all.stream().map(one -> one.start(T0)).toList());
    all.stream().limit(100).forEach(one -> append(one.finish(T0)));
    var found = new HashSet<ExecutionKey>();
    StateStore.Recovery recovery =
        other()
            .recover(
                PLANS,
                key -> key.id().endsWith("7"),
                entry -> {
                  assertThat(entry.last().isDurable()).isTrue();
                  found.add(entry.state().key());
                });
    assertThat(recovery).isEqualTo(new StateStore.Recovery(50, List.of()));
    assertThat(found).hasSize(50).allMatch(key -> key.id().endsWith("7"));
  }

  @Test
  void definitionsAndEpochsAreShared() {
    var mine = new StoredDefinition("default", "a", 1, "d1", "application/json", "{}", T0);
    var theirs = new StoredDefinition("default", "a", 1, "d2", "application/json", "[]", T0);
    store.putDefinition(mine);
    other().putDefinition(theirs);
    assertThat(other().definitions()).containsExactly(mine);
    assertThat(store.promisedEpoch()).isZero();
    store.promiseEpoch(7);
    other().promiseEpoch(5);
    assertThat(other().promisedEpoch()).isEqualTo(7);
  }

  /** A member that drives some executions, not knowing that another one does too. */
  private final class Rival implements Callable<Set<String>> {
    private final SharedStore store;
    private final Random random;
    private final List<Driven> mine =
        IntStream.range(0, 60).mapToObj(i -> Driven.of(PLAN, "x" + i)).toList();
    private final Set<String> acknowledged = new HashSet<>();
    int fenced;

    Rival(SharedStore store, long seed) {
      this.store = store;
      this.random = new Random(seed);
    }

    @Override
    public Set<String> call() {
      for (int i = 0; i < 120 * SOAK; i++) {
        write(batch());
      }
      return acknowledged;
    }

    private List<JournalEntry> batch() {
      var batch = new ArrayList<JournalEntry>();
      for (int i = 1 + random.nextInt(6); i > 0; i--) {
        Driven one = mine.get(random.nextInt(mine.size()));
        one.anything(random, T0.plusMillis(random.nextInt(1000))).ifPresent(batch::add);
      }
      return batch;
    }

    private void write(List<JournalEntry> batch) {
      store.append(batch);
      if (random.nextInt(10) == 0) {
        store.append(batch.stream().map(SharedStoreContract::copy).toList());
      }
      for (JournalEntry entry : batch) {
        JournalEntry.Content content = entry.content();
        if (isFenced(entry)) {
          fenced++;
          reload(content.key());
        } else {
          acknowledged.add(place(content.key(), content.after().seq(), content.hash()));
        }
      }
    }

    private void reload(ExecutionKey key) {
      mine.stream()
          .filter(one -> one.key().equals(key))
          .forEach(one ->
              store
                  .loadEntry(key, PLANS)
                  .ifPresent(
                      entry -> one.resetTo(entry, store.history(key, 0, Integer.MAX_VALUE))));
    }
  }

  private static String place(ExecutionKey key, long seq, byte[] hash) {
    return key + " " + seq + " " + Arrays.hashCode(hash);
  }

  @Test
  void ofTwoWhoCompeteNobodyIsAcknowledgedWhoIsNotInTheHistory() throws Exception {
    long seed = System.nanoTime();
    var first = new Rival((SharedStore) store, seed);
    var second = new Rival(other(), seed + 1);
    var acknowledged = new HashSet<String>();
    try (var threads = Executors.newFixedThreadPool(2)) {
      for (Future<Set<String>> done : threads.invokeAll(List.of(first, second))) {
        acknowledged.addAll(done.get());
      }
    }
    var durable = new HashSet<String>();
    for (Driven one : first.mine) {
      for (HistoryItem item : store.history(one.key(), 0, Integer.MAX_VALUE)) {
        durable.add(place(one.key(), item.seq(), item.hash()));
      }
      assertThat(store.load(one.key(), PLANS)).as("seed " + seed).isPresent();
    }
    assertThat(durable).as("seed " + seed).containsAll(acknowledged);
    assertThat(acknowledged).as("seed " + seed).hasSizeGreaterThan(100);
    assertThat(first.fenced + second.fenced).as("seed " + seed).isGreaterThan(20);
  }
}
