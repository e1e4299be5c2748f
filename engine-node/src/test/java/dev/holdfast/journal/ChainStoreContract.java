package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.ChainStore.Chain;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.ChainStore.Merged;
import dev.holdfast.journal.ChainStore.Run;
import dev.holdfast.journal.codec.Sealed;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store that a member has for itself promises beside. */
public abstract class ChainStoreContract extends FormerChainsContract {
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
