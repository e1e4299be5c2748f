package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.ChainStore.Chain;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.ChainStore.Gap;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How the beginning of a chain that came as a state is filled in, and what that may rest on. */
public abstract class FormerChainsContract extends AdoptionContract {
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

  /** The chain of this store's gap is filled from there. */
  private void fillFrom(ChainStore other, Driven one) {
    Gap gap = chains().gap(one.key()).orElseThrow();
    fill(other.beginning(gap).orElseThrow());
  }

  @Test
  void whatAStateTookThePlaceOfFillsItsBeginning() {
    for (int i = 0; i < 16; i++) {
      boolean ended = (i & 1) > 0;
      boolean checkpoint = (i & 2) > 0;
      boolean reopen = (i & 4) > 0;
      boolean merged = (i & 8) > 0;
      Driven one = withEpoch("x" + i, 3);
      append(one.start(T0, Map.of("k", "v"), null), one.step(T0, null).orElseThrow());
      if (checkpoint) {
        maintainAll(LATER);
      }
      // Another store has it from here on, and this one only what comes of it.
      var other = new MemoryStateStore();
      other.append(List.of(one.adoption()));
      other.append(List.of(one.step(T0, "x").orElseThrow(), one.step(T0, null).orElseThrow()));
      if (ended) {
        other.append(one.finish(T0));
      }
      if (merged) {
        var third = new MemoryStateStore();
        third.append(List.of(one.adoption()));
        merge(third.chain(one.key()).orElseThrow());
      } else {
        append(one.adoption());
      }
      if (reopen) {
        reopenStore();
      }
      assertAdopted(one, one.events().size(), 3);
      assertThat(chains().beginning(chains().gap(one.key()).orElseThrow())).isEmpty();
      fillFrom(other, one);
      assertAdopted(one, 1 + indexOfSecondEntry(one), 3);
      fillFrom(chains(), one);
      for (int again = 0; again < 2; again++) {
        assertKept(one);
        assertHead(one, 3, true);
        assertThat(chains().gap(one.key())).isEmpty();
        reopenStore();
      }
      if (!ended) {
        append(one.finish(T0));
        assertKept(one);
      }
    }
  }

  /** Where the second entry's last event is in the list of events. */
  private static int indexOfSecondEntry(Driven one) {
    return (int) one.entries().get(1).content().after().seq() - 1;
  }

  @Test
  void whatAStateTookThePlaceOfIsGivenToOthers() {
    Driven one = withEpoch("one", 3);
    append(one.start(T0), one.step(T0, null).orElseThrow());
    var other = new MemoryStateStore();
    other.append(List.of(one.adoption()));
    var gap = other.gap(one.key()).orElseThrow();
    one.step(T0, "x");
    append(one.adoption());
    reopenStore();
    Chain beginning = chains().beginning(gap).orElseThrow();
    assertThat(beginning.head().complete()).isTrue();
    assertThat(other.fill(List.of(beginning), PLANS).getFirst().damage()).isNull();
    assertThat(other.head(one.key()).orElseThrow().complete()).isTrue();
    chains().drop(List.of(chains().head(one.key()).orElseThrow()));
    assertThat(chains().beginning(gap)).isEmpty();
    reopenStore();
    assertThat(chains().beginning(gap)).isEmpty();
  }

  @Test
  void tailThatNobodyConfirmedDoesNotComeBack() {
    Driven truth = withEpoch("one", 3);
    append(truth.start(T0), truth.step(T0, null).orElseThrow());
    Driven cutOff = truth.fork();
    append(cutOff.pause(T0), cutOff.apply(resume(), T0).orElseThrow());
    Driven shorter = truth.fork();
    shorter.epoch(4);
    append(shorter.adoption());
    assertAdopted(shorter, shorter.events().size(), 4);
    fillFrom(chains(), shorter);
    assertKept(shorter);
    assertHead(shorter, 4, true);
    // Nor where it came back as a state, for a moment.
    append(cutOff.adoption());
    append(shorter.adoption());
    fillFrom(chains(), shorter);
    append(shorter.step(T0, "x").orElseThrow());
    assertKept(shorter);
  }

  @Test
  void divergedBeginningIsUsedAsFarAsItIsTheSame() {
    Driven truth = withEpoch("one", 3);
    append(truth.start(T0), truth.step(T0, null).orElseThrow());
    var other = new MemoryStateStore();
    other.append(List.of(truth.adoption()));
    Driven cutOff = truth.fork();
    append(cutOff.pause(T0), cutOff.apply(resume(), T0).orElseThrow());
    truth.epoch(4);
    other.append(List.of(truth.step(T0, "x").orElseThrow(), truth.step(T0, null).orElseThrow()));
    append(truth.adoption());
    Gap gap = chains().gap(truth.key()).orElseThrow();
    assertThat(chains().beginning(gap)).isEmpty();
    fillFrom(other, truth);
    fillFrom(chains(), truth);
    assertKept(truth);
    assertHead(truth, 4, true);
  }

  @Test
  void statesThatFollowOnEachOtherInOneBatchLoseNothing() {
    for (boolean known : List.of(true, false)) {
      Driven one = withEpoch("x" + known, 3);
      var batch = new ArrayList<JournalEntry>();
      if (known) {
        append(one.start(T0));
      } else {
        batch.add(one.start(T0));
      }
      batch.add(one.step(T0, null).orElseThrow());
      var other = new MemoryStateStore();
      other.append(List.of(one.adoption(), one.step(T0, "x").orElseThrow()));
      batch.add(one.adoption());
      batch.add(one.step(T0, null).orElseThrow());
      var third = new MemoryStateStore();
      third.append(List.of(one.adoption(), one.step(T0, "x").orElseThrow()));
      batch.add(one.adoption());
      batch.add(one.step(T0, null).orElseThrow());
      append(batch);
      reopenStore();
      fillFrom(third, one);
      fillFrom(chains(), one);
      fillFrom(other, one);
      fillFrom(chains(), one);
      assertKept(one);
      assertHead(one, 3, true);
    }
  }

  @Test
  void anotherExecutionOfTheSameIdIsNotABeginning() {
    Driven one = withEpoch("one", 3);
    append(one.start(T0), one.step(T0, null).orElseThrow());
    Driven another = withEpoch("one", 4);
    another.start(T0.plusSeconds(1));
    another.step(T0.plusSeconds(1), null);
    append(another.adoption());
    // Another execution's events of the same seq are not its beginning.
    assertThat(chains().beginning(chains().gap(one.key()).orElseThrow())).isEmpty();
    Chain wrong = chainOf(again(one.entries()));
    assertThat(fill(wrong)).isFalse();
    assertAdopted(another, another.events().size(), 4);
  }
}
