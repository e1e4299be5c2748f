package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.Event;
import dev.holdfast.journal.ChainStore.Chain;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.ChainStore.Merged;
import dev.holdfast.journal.ChainStore.Run;
import dev.holdfast.journal.codec.Sealed;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store that a member has for itself promises beside. */
public abstract class ChainStoreContract extends StateStoreContract {
  private static final Instant LATER = Instant.now().plusSeconds(600);

  protected ChainStore chains() {
    return (ChainStore) store;
  }

  /** Closes and opens it again, where it outlives the process. */
  protected abstract void reopenStore();

  /** As another store has it, which got these entries. */
  private static Chain chainOf(List<JournalEntry> entries) {
    var other = new MemoryStateStore();
    other.append(entries);
    return other.chain(entries.getFirst().content().key()).orElseThrow();
  }

  private Optional<ExecutionEntry> merge(Chain chain) {
    Merged merged = chains().merge(List.of(chain), PLANS).getFirst();
    assertThat(merged.damage()).isNull();
    return Optional.ofNullable(merged.live());
  }

  /** Whether the chain is complete now. */
  private boolean fill(Chain chain) {
    assertThat(chains().fill(List.of(chain), PLANS).getFirst().damage()).isNull();
    return chains().head(chain.head().key()).map(ChainHead::complete).orElse(false);
  }

  private static ExecutionKey key(String id) {
    return new ExecutionKey(ExecutionKey.DEFAULT_TENANT, id);
  }

  private static Driven withEpoch(String id, long epoch) {
    return new Driven(PLAN, key(id), epoch);
  }

  private void assertHead(Driven one, long epoch, boolean complete) {
    ChainHead head = chains().head(one.key()).orElseThrow();
    assertThat(head.seq()).isEqualTo(one.state().seq());
    assertThat(head.hash()).isEqualTo(one.hash());
    assertThat(head.epoch()).isEqualTo(epoch);
    assertThat(head.complete()).isEqualTo(complete);
    assertThat(head.ended()).isEqualTo(one.isEnded());
    var all = new ArrayList<>(chains().liveHeads().toList());
    assertThat(all).allMatch(live -> !live.ended());
    all.addAll(endedHeads());
    assertThat(all.stream().filter(listed -> listed.key().equals(one.key())))
        .singleElement()
        .satisfies(listed -> {
          assertThat(listed.isSameAs(head)).isTrue();
          assertThat(listed.epoch()).isEqualTo(epoch);
          assertThat(listed.complete()).isEqualTo(complete);
        });
  }

  private List<ChainHead> endedHeads() {
    var heads = new ArrayList<ChainHead>();
    long from = 0;
    do {
      ChainStore.HeadPage part = chains().endedHeads(from, 2);
      heads.addAll(part.heads());
      from = part.next();
    } while (from > 0);
    assertThat(heads).allMatch(ChainHead::ended);
    return heads;
  }

  @Test
  void headsSayWhereChainsEnd() {
    Driven live = withEpoch("live", 7);
    Driven ended = withEpoch("ended", 7);
    append(live.start(T0), ended.start(T0));
    append(ended.finish(T0));
    assertHead(live, 7, true);
    assertHead(ended, 7, true);
    live.epoch(9);
    append(live.step(T0, null).orElseThrow());
    assertHead(live, 9, true);
    reopenStore();
    assertHead(live, 9, true);
    assertHead(ended, 7, true);
    maintainAll(LATER);
    reopenStore();
    assertHead(live, 9, true);
    assertThat(chains().head(key("nobody"))).isEmpty();
    assertThat(chains().chain(key("nobody"))).isEmpty();
  }

  @Test
  void endedHeadsArePagedAndPurgedOnesLeftOut() {
    for (int i = 0; i < 7; i++) {
      Driven one = withEpoch("x" + i, 1);
      append(one.start(T0));
      append(one.finish(T0.plusSeconds(i)));
    }
    assertThat(endedHeads()).hasSize(7);
    store.purge(null, T0.plusSeconds(3), false);
    assertThat(endedHeads().stream().map(head -> head.key().id()))
        .containsExactly("x3", "x4", "x5", "x6");
  }

  @Test
  void adoptedExecutionGoesOnFromItsState() {
    Driven one = withEpoch("one", 3);
    one.start(T0);
    one.step(T0, null);
    append(one.adoption());
    assertAdopted(one, one.events().size(), 3);
    reopenStore();
    assertAdopted(one, one.events().size(), 3);

    int before = one.events().size();
    one.epoch(4);
    append(one.step(T0, "x").orElseThrow(), one.step(T0, null).orElseThrow());
    assertAdopted(one, before, 4);
    reopenStore();
    assertAdopted(one, before, 4);
    maintainAll(LATER);
    assertAdopted(one, before, 4);
    reopenStore();
    append(one.finish(T0));
    assertAdopted(one, before, 4);
    reopenStore();
    assertAdopted(one, before, 4);
  }

  /** It is here, but for the history up to the base. */
  private void assertAdopted(Driven one, int baseSeq, long epoch) {
    assertThat(store.load(one.key(), PLANS)).contains(one.state());
    assertThat(store.loadEntry(one.key(), PLANS).orElseThrow().hash()).isEqualTo(one.hash());
    List<HistoryItem> history = store.history(one.key(), 0, Integer.MAX_VALUE);
    List<Event> after = one.events().subList(baseSeq, one.events().size());
    assertThat(history.stream().map(HistoryItem::event)).isEqualTo(after);
    assertThat(ids(query("default"))).containsOnlyOnce(one.key().id());
    assertHead(one, epoch, false);
    assertThat(chains().chain(one.key()).orElseThrow().base()).isNotNull();
  }

  @Test
  void adoptionReplacesAnOlderOrAnotherChain() {
    Driven stale = withEpoch("one", 3);
    Driven diverged = withEpoch("two", 3);
    Driven ended = withEpoch("three", 3);
    var before = new ArrayList<JournalEntry>();
    for (Driven each : List.of(stale, diverged, ended)) {
      before.add(each.start(T0, Map.of("k", "v"), null));
    }
    append(before);
    append(diverged.pause(T0), diverged.apply(resume(), T0).orElseThrow());
    append(ended.finish(T0));
    maintainAll(LATER);
    for (String id : List.of("one", "two", "three")) {
      Driven truth = withEpoch(id, 3);
      truth.start(T0, Map.of("k", "v"), null);
      truth.epoch(5);
      truth.step(T0.plusSeconds(1), null);
      append(truth.adoption());
      assertAdopted(truth, truth.events().size(), 5);
      reopenStore();
      assertAdopted(truth, truth.events().size(), 5);
      int baseSeq = truth.events().size();
      append(truth.finish(T0.plusSeconds(2)));
      assertAdopted(truth, baseSeq, 5);
    }
    reopenStore();
    assertThat(ids(query("default"))).containsExactlyInAnyOrder("one", "two", "three");
    assertThat(endedHeads()).hasSize(3);
  }

  private static Command resume() {
    return new Command.ResumeExecution("r", "bob", "done", false);
  }

  @Test
  void adoptionOfWhatIsThereChangesNothing() {
    Driven one = withEpoch("one", 3);
    append(one.start(T0), one.adoption(), one.step(T0, null).orElseThrow());
    append(one.adoption());
    assertKept(one);
    assertHead(one, 3, true);
    append(one.finish(T0));
    append(one.adoption());
    assertKept(one);
    reopenStore();
    assertKept(one);
    assertHead(one, 3, true);
  }

  @Test
  void adoptionAndWhatFollowsInOneBatch() {
    Driven truth = withEpoch("one", 3);
    Driven stale = withEpoch("one", 2);
    append(stale.start(T0));
    truth.start(T0.plusSeconds(1));
    var batch = new ArrayList<>(List.of(stale.step(T0, null).orElseThrow(), truth.adoption()));
    int baseSeq = truth.events().size();
    batch.addAll(truth.finish(T0.plusSeconds(2)));
    append(batch);
    assertAdopted(truth, baseSeq, 3);
    reopenStore();
    assertAdopted(truth, baseSeq, 3);
  }

  @Test
  void whatIsThereAlreadyIsTakenAgain() {
    Driven one = withEpoch("one", 3);
    var entries = new ArrayList<>(List.of(one.start(T0), one.step(T0, null).orElseThrow()));
    entries.add(one.step(T0, "x").orElseThrow());
    append(entries);
    append(again(entries));
    assertKept(one);
    maintainAll(LATER);
    append(again(entries));
    List<JournalEntry> rest = one.finish(T0);
    var both = new ArrayList<>(again(entries));
    both.addAll(rest);
    append(both);
    append(again(rest));
    assertKept(one);
    reopenStore();
    assertKept(one);
  }

  /** The same entries, not durable yet. */
  private static List<JournalEntry> again(List<JournalEntry> entries) {
    return entries.stream().map(entry -> JournalEntry.pending(entry.content())).toList();
  }

  @Test
  void missingBeginningIsFilledIn() {
    for (boolean ended : List.of(false, true)) {
      for (boolean checkpoint : List.of(false, true)) {
        Driven one = withEpoch("x" + ended + checkpoint, 3);
        var all = new ArrayList<>(List.of(one.start(T0), one.step(T0, null).orElseThrow()));
        append(one.adoption());
        // What is elsewhere goes on differently from what goes on here.
        Driven elsewhere = one.fork();
        Chain chain =
            chainOf(join(all, List.of(elsewhere.step(T0.plusSeconds(9), "no").orElseThrow())));
        append(one.step(T0, "x").orElseThrow());
        if (ended) {
          append(one.finish(T0));
        }
        if (checkpoint) {
          maintainAll(LATER);
        }
        assertThat(chains().incompleteHeads(0, 9).heads())
            .singleElement()
            .returns(one.key(), ChainHead::key);
        if (checkpoint) {
          assertThat(merge(chain).isPresent()).isEqualTo(!ended);
        } else {
          assertThat(fill(chain)).isTrue();
        }
        assertThat(chains().incompleteHeads(0, 9).heads()).isEmpty();
        assertKept(one);
        assertHead(one, 3, true);
        merge(chain);
        assertKept(one);
        reopenStore();
        assertKept(one);
        assertHead(one, 3, true);
        if (!ended) {
          append(one.finish(T0));
          assertKept(one);
        }
      }
    }
  }

  private static List<JournalEntry> join(List<JournalEntry> one, List<JournalEntry> two) {
    var both = new ArrayList<>(one);
    both.addAll(two);
    return both;
  }

  @Test
  void whatTheStoreLacksIsTakenOver() {
    Driven live = withEpoch("live", 3);
    Chain liveChain =
        chainOf(List.of(live.start(T0, Map.of("k", "v"), "s"), live.step(T0, null).orElseThrow()));
    Driven ended = withEpoch("ended", 3);
    Chain endedChain = chainOf(join(List.of(ended.start(T0)), ended.finish(T0)));
    ExecutionEntry entry = merge(liveChain).orElseThrow();
    assertThat(entry.state()).isEqualTo(live.state());
    assertThat(entry.hash()).isEqualTo(live.hash());
    assertThat(merge(endedChain)).isEmpty();
    for (int i = 0; i < 2; i++) {
      assertKept(live);
      assertKept(ended);
      assertHead(live, 3, true);
      assertHead(ended, 3, true);
      reopenStore();
    }
    append(live.step(T0, null).orElseThrow());
    maintainAll(LATER);
    append(live.finish(T0));
    assertKept(live);
    reopenStore();
    assertKept(live);
  }

  @Test
  void betterChainReplacesTheWorseHere() {
    // Fewer events of a later epoch hold against more of an earlier one.
    Driven longer = withEpoch("one", 3);
    append(longer.start(T0));
    Driven better = longer.fork();
    List<JournalEntry> start = again(longer.entries());
    append(longer.pause(T0), longer.apply(resume(), T0).orElseThrow());
    maintainAll(LATER);
    better.epoch(4);
    Chain chain = chainOf(join(start, List.of(better.step(T0, null).orElseThrow())));
    assertThat(merge(chain).orElseThrow().state()).isEqualTo(better.state());
    for (int i = 0; i < 2; i++) {
      assertKept(better);
      assertHead(better, 4, true);
      reopenStore();
    }
    append(better.finish(T0));
    assertKept(better);
  }

  @Test
  void worseChainChangesNothing() {
    Driven own = withEpoch("one", 3);
    append(own.start(T0));
    Driven worse = own.fork();
    List<JournalEntry> start = again(own.entries());
    own.epoch(5);
    append(own.step(T0, null).orElseThrow());
    worse.epoch(4);
    Chain chain =
        chainOf(join(start, List.of(worse.pause(T0), worse.apply(resume(), T0).orElseThrow())));
    assertThat(merge(chain).orElseThrow().state()).isEqualTo(own.state());
    assertKept(own);
    append(own.finish(T0));
    assertThat(merge(chain)).isEmpty();
    assertKept(own);
  }

  @Test
  void chainThatDoesNotLeadToTheBaseIsNotFilledIn() {
    Driven truth = withEpoch("one", 3);
    truth.start(T0);
    append(truth.adoption());
    Driven another = withEpoch("one", 4);
    Chain chain = chainOf(join(List.of(another.start(T0.plusSeconds(1))), another.finish(T0)));
    assertThat(fill(chain)).isFalse();
    assertAdopted(truth, truth.events().size(), 3);
    assertThat(fill(chainOf(again(truth.entries())))).isTrue();
    assertKept(truth);
    Driven absent = withEpoch("absent", 3);
    assertThat(fill(chainOf(List.of(absent.start(T0))))).isFalse();
    assertThat(store.load(absent.key(), PLANS)).isEmpty();
  }

  @Test
  void completeChainIsNotGivenUpForTheSameWithoutItsBeginning() {
    Driven one = withEpoch("one", 3);
    append(one.start(T0), one.step(T0, null).orElseThrow());
    Driven elsewhere = one.fork();
    elsewhere.epoch(9);
    merge(chainOf(List.of(elsewhere.adoption())));
    assertKept(one);
    assertHead(one, 3, true);
  }

  @Test
  void incompleteChainTravelsWithItsBase() {
    Driven one = withEpoch("one", 3);
    one.start(T0);
    one.step(T0, null);
    JournalEntry adoption = one.adoption();
    int baseSeq = one.events().size();
    Chain chain = chainOf(List.of(adoption, one.step(T0, "x").orElseThrow()));
    assertThat(merge(chain).orElseThrow().state()).isEqualTo(one.state());
    assertAdopted(one, baseSeq, 3);
    reopenStore();
    assertAdopted(one, baseSeq, 3);
    append(one.finish(T0));
    assertAdopted(one, baseSeq, 3);
    var copy = new MemoryStateStore();
    copy.merge(List.of(chains().chain(one.key()).orElseThrow()), PLANS);
    assertThat(copy.load(one.key(), PLANS)).contains(one.state());
  }

  @Test
  void chainsAreTakenOverManyAtATimeAndADamagedOneAlonePassedOver() {
    List<Driven> all = IntStream.range(0, 56).mapToObj(i -> withEpoch("x" + i, 2)).toList();
    var chains = new ArrayList<Chain>();
    for (Driven one : all) {
      one.start(T0);
      if (all.indexOf(one) % 2 == 0) {
        one.finish(T0);
      }
      chains.add(chainOf(one.entries()));
    }
    Chain sound = chains.get(40);
    chains.set(40, new Chain(sound.head(), null, List.of()));
    List<Merged> merged = chains().merge(chains, PLANS);
    for (int i = 0; i < 56; i++) {
      assertThat(merged.get(i).damage() != null).isEqualTo(i == 40);
      assertThat(merged.get(i).live() != null).isEqualTo(i % 2 == 1);
    }
    assertThat(store.load(all.get(40).key(), PLANS)).isEmpty();
    merge(sound);
    reopenStore();
    all.subList(50, 56).forEach(this::assertKept);
    assertThat(ids(query("default"))).hasSize(56);
  }

  @Test
  void damagedChainIsRefused() {
    Driven one = withEpoch("one", 3);
    List<JournalEntry> entries = join(List.of(one.start(T0)), one.finish(T0));
    Chain chain = chainOf(entries);
    Run run = chain.runs().getFirst();
    byte[] events = Sealed.open(run.payload());
    byte[] cut = Sealed.seal(Arrays.copyOf(events, events.length / 2));
    byte[] bits = run.payload().clone();
    bits[bits.length / 2] ^= 4;
    Driven another = withEpoch("one", 3);
    Chain twin = chainOf(join(List.of(another.start(T0.plusMillis(1))), another.finish(T0)));
    for (Chain bad :
        List.of(
            new Chain(chain.head(), null, List.of()),
            new Chain(chain.head(), null, List.of(new Run(run.previousHash(), cut))),
            new Chain(chain.head(), null, List.of(new Run(run.previousHash(), bits))),
            new Chain(chain.head(), null, List.of(new Run(one.hash(), run.payload()))),
            new Chain(chain.head(), null, twin.runs()))) {
      assertThat(chains().merge(List.of(bad), PLANS).getFirst().damage()).contains("one");
      assertThat(store.load(one.key(), PLANS)).isEmpty();
    }
    merge(chain);
    assertKept(one);
  }

  @Test
  void droppedOnesLeaveNothing() {
    List<Driven> all = IntStream.range(0, 120).mapToObj(i -> withEpoch("x" + i, 2)).toList();
    for (Driven one : all) {
      append(one.start(T0, Map.of("k", "v"), null), one.step(T0, null).orElseThrow());
    }
    all.subList(0, 20).forEach(one -> append(one.finish(T0)));
    var heads = new ArrayList<ChainHead>();
    all.subList(0, 100).forEach(one -> heads.add(chains().head(one.key()).orElseThrow()));
    append(all.get(99).step(T0, "x").orElseThrow());
    assertThat(chains().drop(heads)).isEqualTo(99);
    for (int i = 0; i < 2; i++) {
      assertThat(ids(query("default"))).hasSize(21);
      assertThat(store.load(all.getFirst().key(), PLANS)).isEmpty();
      assertThat(store.history(all.get(50).key(), 0, 10)).isEmpty();
      assertThat(endedHeads()).isEmpty();
      all.subList(99, 120).forEach(this::assertKept);
      reopenStore();
    }
    // The same ids can come again, by a start or from elsewhere.
    Driven again = withEpoch("x0", 3);
    append(again.start(T0.plusSeconds(1)));
    assertKept(again);
    merge(chainOf(again(all.get(50).entries())));
    assertKept(all.get(50));
    reopenStore();
    assertKept(again);
    assertKept(all.get(50));
    assertThat(chains().drop(heads)).isEqualTo(1);
  }

  @Test
  void copyOfAStoreIsTheSame() {
    var random = new SplittableRandom(4);
    var all = new ArrayList<Driven>();
    for (int i = 0; i < 60; i++) {
      Driven one = withEpoch("x" + i, 1 + i % 3);
      all.add(one);
      append(one.start(T0));
      for (int step = random.nextInt(12); step > 0; step--) {
        one.anything(random, T0.plusSeconds(step)).ifPresent(entry -> append(entry));
      }
      if (i == 30) {
        maintainAll(LATER);
      }
    }
    var copy = new MemoryStateStore();
    var keys = new HashSet<>(all.stream().map(Driven::key).toList());
    keys.forEach(key -> copy.merge(List.of(chains().chain(key).orElseThrow()), PLANS));
    var states = new HashMap<Object, Object>();
    keys.forEach(key -> states.put(key, copy.load(key, PLANS).orElseThrow()));
    all.forEach(one -> assertThat(states.get(one.key())).isEqualTo(one.state()));
    all.forEach(one ->
        assertThat(copy.history(one.key(), 0, 1000).stream().map(HistoryItem::event))
            .isEqualTo(one.events()));
  }
}
