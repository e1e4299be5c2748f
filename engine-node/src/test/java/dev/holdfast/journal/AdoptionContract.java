package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of an execution that comes to a store as a state. */
public abstract class AdoptionContract extends ChainStoreFixture {
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
}
