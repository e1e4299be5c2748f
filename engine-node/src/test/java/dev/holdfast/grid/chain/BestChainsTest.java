package dev.holdfast.grid.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.ChainStore.ChainHead;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BestChainsTest {
  private static final ExecutionKey KEY = new ExecutionKey("default", "one");
  private static final int RUNS = 20_000;

  private static ChainHead head(long seq, long epoch, int event, boolean complete) {
    byte[] hash = ByteBuffer.allocate(32).putInt(event).array();
    return new ChainHead(KEY, seq, epoch, hash, complete, false);
  }

  @Test
  void laterEpochHoldsAgainstMoreEvents() {
    var best = new BestChains(3);
    best.add(0, head(9, 4, 1, true));
    best.add(1, head(3, 5, 2, true));
    best.add(2, head(2, 5, 3, true));
    assertThat(best.holder(KEY)).isEqualTo(1);
    best.reject(1, KEY);
    assertThat(best.holder(KEY)).isEqualTo(2);
    best.reject(2, KEY);
    best.reject(0, KEY);
    assertThat(best.holder(KEY)).isEqualTo(-1);
  }

  @Test
  void ofEqualOnesTheCompleteThenTheFirst() {
    var best = new BestChains(3);
    best.add(0, head(3, 9, 1, false));
    best.add(1, head(3, 4, 1, true));
    best.add(2, head(3, 4, 1, true));
    assertThat(best.holder(KEY)).isEqualTo(1);
  }

  @Test
  void eventHoldsByTheHighestEpochThatAnyMemberHasItUnder() {
    // A cut-off owner has gone on in epoch 5; the state before that was adopted in epoch 6.
    List<ChainHead> all = List.of(head(7, 4, 1, true), head(7, 6, 1, false), head(8, 5, 2, true));
    for (int first = 0; first < 3; first++) {
      for (int step = 1; step < 3; step++) {
        var best = new BestChains(3);
        for (int i = 0; i < 3; i++) {
          best.add(i, all.get((first + i * step) % 3));
        }
        assertThat(best.head(best.holder(KEY), KEY)).isSameAs(all.getFirst());
        assertThat(best.epoch(KEY)).isEqualTo(6);
      }
    }
  }

  @Test
  void memberIsAskedAgainOnlyWhereItsChainCouldMatter() {
    var best = new BestChains(3);
    best.add(0, head(3, 4, 1, true));
    assertThat(best.unknown(2, 3)).containsExactly(KEY);
    best.add(1, head(3, 4, 1, true));
    assertThat(best.unknown(2, 3)).isEmpty();
    assertThat(best.unknown(2, 5)).containsExactly(KEY);
    best.add(1, head(2, 4, 2, true));
    assertThat(best.unknown(2, 3)).containsExactly(KEY);
  }

  /**
   * One execution through changes of its owner, as ADR 0021 argues: members come and go, what is
   * decided reaches the owner's disk and perhaps the backup's, and is acknowledged once both have
   * it. At the end any one disk is lost for good.
   */
  private static final class History {
    final SplittableRandom random;
    final int members;
    final List<List<Integer>> disks = new ArrayList<>();
    final List<List<Long>> epochs = new ArrayList<>();
    final List<Integer> acknowledged = new ArrayList<>();
    int events;
    long epoch;

    History(long seed, int members) {
      this.random = new SplittableRandom(seed);
      this.members = members;
      for (int i = 0; i < members; i++) {
        disks.add(new ArrayList<>());
        epochs.add(new ArrayList<>());
      }
    }

    void run() {
      int owner = 0;
      int backup = 1;
      for (int reigns = random.nextInt(1, 6); reigns > 0; reigns--) {
        epoch++;
        // What the backup lacks it gets as a state, before anything rests on it.
        copy(owner, backup);
        for (int left = random.nextInt(6); left > 0; left--) {
          int event = decide(owner);
          if (random.nextInt(4) > 0) {
            disks.get(backup).add(event);
            epochs.get(backup).add(epoch);
            acknowledged.clear();
            acknowledged.addAll(disks.get(owner));
          } else {
            // Cut off: it may decide more that nobody confirms; then it is not the owner any more.
            for (int more = random.nextInt(4); more > 0; more--) {
              decide(owner);
            }
            break;
          }
        }
        // The backup was told everything that was acknowledged: it is the next owner.
        int next = backup;
        List<Integer> others =
            new ArrayList<>(IntStream.range(0, members).filter(i -> i != next).boxed().toList());
        Collections.swap(others, 0, random.nextInt(others.size()));
        owner = next;
        backup = others.getFirst();
      }
    }

    private int decide(int owner) {
      int event = ++events;
      disks.get(owner).add(event);
      epochs.get(owner).add(epoch);
      return event;
    }

    private void copy(int from, int to) {
      disks.set(to, new ArrayList<>(disks.get(from)));
      epochs.set(to, new ArrayList<>(epochs.get(from)));
    }
  }

  @Test
  void whatTwoDisksHadSurvivesTheLossOfAnyOne() {
    int worse = 0;
    for (long seed = 0; seed < RUNS; seed++) {
      int members = seed % 2 == 0 ? 3 : 5;
      var history = new History(seed, members);
      history.run();
      for (int lost = 0; lost < members; lost++) {
        var best = new BestChains(members);
        for (int i = 0; i < members; i++) {
          List<Integer> disk = history.disks.get(i);
          if (i != lost && !disk.isEmpty()) {
            best.add(i, head(disk.size(), history.epochs.get(i).getLast(), disk.getLast(), true));
          }
        }
        int holder = best.holder(KEY);
        List<Integer> held = holder < 0 ? List.of() : history.disks.get(holder);
        assertThat(held.subList(0, Math.min(held.size(), history.acknowledged.size())))
            .as("seed %d, without disk %d of %s", seed, lost, history.disks)
            .isEqualTo(history.acknowledged);
        for (List<Integer> disk : history.disks) {
          worse += disk.size() > held.size() ? 1 : 0;
        }
      }
    }
    // The runs had chains in them that were longer than the one that held.
    assertThat(worse).isGreaterThan(RUNS / 10);
  }
}
