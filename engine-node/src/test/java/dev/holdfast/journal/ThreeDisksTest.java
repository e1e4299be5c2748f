package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Plan;
import dev.holdfast.journal.ChainStore.Chain;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.ChainStore.Gap;
import dev.holdfast.journal.memory.MemoryStateStore;
import dev.holdfast.journal.sqlite.SqliteStateStore;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One execution on three disks through owners that are cut off, states over gaps, stops of
 * everything, and the loss of one disk, as ADR 0020 and 0021 have it. Events that were on two disks
 * never are on fewer, but for the lost one; and whatever is left of its history is found.
 */
class ThreeDisksTest {
  private static final Plan PLAN = Plans.chain("review", 3);
  private static final PlanResolver PLANS = Plans.resolver(PLAN);
  private static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");
  private static final int MEMORY_RUNS = 500;
  private static final int SQLITE_RUNS = 6;
  private static final int STEPS = 60;

  @TempDir Path folder = Path.of("");

  /** What disks are made of. */
  private interface Disks {
    ChainStore fresh(int number);

    /** The same, closed and opened. */
    ChainStore reopened(int number, ChainStore store);
  }

  private static final class InMemory implements Disks {
    @Override
    public ChainStore fresh(int number) {
      return new MemoryStateStore();
    }

    @Override
    public ChainStore reopened(int number, ChainStore store) {
      return store;
    }
  }

  private record InFiles(Path folder) implements Disks {
    @Override
    public ChainStore fresh(int number) {
      var store = new SqliteStateStore(folder.resolve(number + ".db"), InstantSource.system());
      assertThat(store.recover(PLANS, entry -> {}).damaged()).isEmpty();
      return store;
    }

    @Override
    public ChainStore reopened(int number, ChainStore store) {
      store.close();
      return fresh(number);
    }
  }

  private static final class Run implements AutoCloseable {
    private final Disks media;
    private final SplittableRandom random;
    private final List<ChainStore> disks = new ArrayList<>();
    private final List<Integer> numbers = new ArrayList<>();

    /** The execution as it was after each of its entries, by the last hash. */
    private final Map<String, Driven> versions = new HashMap<>();

    /** Last hashes of entries that two disks had. */
    private final Set<String> safe = new HashSet<>();

    private Driven truth = Driven.of(PLAN, "one");
    private final ExecutionKey key = truth.key();
    private int made;
    private int owner;
    private int backup = 1;
    private long epoch = 1;
    private boolean lost;
    private int filledFromFormers;

    Run(Disks media, long seed) {
      this.media = media;
      this.random = new SplittableRandom(seed);
      this.made = (int) seed * 10;
      for (int i = 0; i < 3; i++) {
        disks.add(media.fresh(made));
        numbers.add(made++);
      }
      decide();
    }

    private Instant now() {
      return T0.plusSeconds(versions.size());
    }

    private static String text(byte[] hash) {
      return HexFormat.of().formatHex(hash);
    }

    private Optional<ChainHead> head(int disk) {
      return disks.get(disk).head(key);
    }

    private void append(int disk, JournalEntry entry) {
      disks.get(disk).append(List.of(entry));
      assertThat(entry.hasFailed()).isFalse();
    }

    private void adopt(int disk) {
      append(disk, JournalEntry.adoption(truth.state(), truth.hash(), epoch));
    }

    /** Decides one thing on the owner's disk alone. */
    private Optional<JournalEntry> decideAlone() {
      truth.epoch(epoch);
      Optional<JournalEntry> entry = truth.anything(random, now());
      entry.ifPresent(one -> {
        append(owner, one);
        versions.put(text(truth.hash()), truth.fork());
      });
      return entry;
    }

    private void decide() {
      boolean follows =
          versions.isEmpty() || text(truth.hash()).equals(text(head(backup).orElseThrow().hash()));
      decideAlone()
          .ifPresent(entry -> {
            if (follows && random.nextInt(4) > 0) {
              append(backup, JournalEntry.pending(entry.content()));
            } else {
              adopt(backup);
            }
          });
    }

    /** What the owner decides now nobody confirms; the backup takes over from what it has. */
    private void cutOff() {
      Driven confirmed = truth.fork();
      for (int left = random.nextInt(1, 4); left > 0; left--) {
        decideAlone();
      }
      truth = confirmed;
      epoch++;
      owner = backup;
      backup = other(owner);
      adopt(owner);
      adopt(backup);
    }

    private int other(int than) {
      return (than + 1 + random.nextInt(2)) % 3;
    }

    private void move() {
      epoch++;
      owner = random.nextInt(3);
      backup = other(owner);
      adopt(owner);
      adopt(backup);
    }

    /** All stop; the best chain holds. */
    private void stopAll() {
      int best = -1;
      for (int disk = 0; disk < 3; disk++) {
        disks.set(disk, media.reopened(numbers.get(disk), disks.get(disk)));
        ChainHead here = head(disk).orElse(null);
        if (here != null && (best < 0 || isHigher(here, head(best).orElseThrow()))) {
          best = disk;
        }
      }
      ChainHead holds = head(best).orElseThrow();
      truth = versions.get(text(holds.hash())).fork();
      epoch++;
      owner = random.nextInt(3);
      backup = other(owner);
      if (owner != best) {
        merge(owner, disks.get(best).chain(key).orElseThrow());
      }
      adopt(owner);
      adopt(backup);
    }

    /** Unlike "better" an order of three: an adoption under a later epoch counts for its event. */
    private static boolean isHigher(ChainHead one, ChainHead other) {
      return one.epoch() != other.epoch() ? one.epoch() > other.epoch() : one.seq() > other.seq();
    }

    private void merge(int disk, Chain chain) {
      assertThat(disks.get(disk).merge(List.of(chain), PLANS).getFirst().damage()).isNull();
    }

    private void loseDisk(int disk) {
      lost = true;
      disks.get(disk).close();
      disks.set(disk, media.fresh(made));
      numbers.set(disk, made++);
      if (disk == owner || disk == backup) {
        adopt(disk);
      }
    }

    private boolean fill(int disk, int from) {
      Gap gap = disks.get(disk).gap(key).orElse(null);
      Chain beginning = gap == null ? null : disks.get(from).beginning(gap).orElse(null);
      if (beginning == null) {
        return false;
      }
      assertThat(disks.get(disk).fill(List.of(beginning), PLANS).getFirst().damage()).isNull();
      filledFromFormers += disk == from ? 1 : 0;
      return true;
    }

    /** Who neither owns nor backs it up clears it, once both have it whole. */
    private void clear() {
      int third = 3 - owner - backup;
      ChainHead here = head(third).orElse(null);
      if (here != null && has(owner, here) && has(backup, here)) {
        assertThat(disks.get(third).drop(List.of(here))).isEqualTo(1);
      }
    }

    private boolean has(int disk, ChainHead offered) {
      ChainHead here = head(disk).orElseThrow();
      return here.complete() && !offered.isBetterThan(here);
    }

    void step() {
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3, 4 -> decide();
        case 5 -> cutOff();
        case 6 -> move();
        case 7, 8 -> fill(random.nextInt(3), random.nextInt(3));
        case 9 -> clear();
        case 10 -> disks.get(random.nextInt(3)).maintain(Instant.now().plusSeconds(600));
        default -> {
          if (!lost && random.nextInt(3) == 0) {
            loseDisk(random.nextInt(3));
          } else {
            stopAll();
          }
        }
      }
    }

    /** How many disks have the events of an entry. */
    private long count(JournalEntry.Content content) {
      var last = new Gap(key, content.after().seq(), content.hash());
      return disks.stream().filter(disk -> disk.beginning(last).isPresent()).count();
    }

    /** Whether all of its history is somewhere. */
    boolean check() {
      var line = new HashSet<String>();
      boolean whole = true;
      for (JournalEntry entry : truth.entries()) {
        String hash = text(entry.content().hash());
        long count = count(entry.content());
        line.add(hash);
        if (count >= 2) {
          safe.add(hash);
        }
        if (safe.contains(hash)) {
          assertThat(count)
              .as("disks with seq %d", entry.content().fromSeq())
              .isGreaterThan(lost ? 0 : 1);
        }
        whole &= count > 0;
      }
      assertThat(line).containsAll(safe);
      return whole;
    }

    void settle() {
      boolean more = true;
      while (more) {
        more = false;
        for (int disk = 0; disk < 3; disk++) {
          for (int from = 0; from < 3; from++) {
            more |= fill(disk, from);
          }
        }
      }
      clear();
    }

    void checkSettled(boolean whole) {
      for (int disk : List.of(owner, backup)) {
        assertThat(head(disk).orElseThrow().complete()).isEqualTo(whole);
        assertThat(disks.get(disk).load(key, PLANS)).contains(truth.state());
        List<HistoryItem> history = disks.get(disk).history(key, 0, Integer.MAX_VALUE);
        int missing = truth.events().size() - history.size();
        assertThat(missing == 0).isEqualTo(whole);
        assertThat(history.stream().map(HistoryItem::event))
            .isEqualTo(truth.events().subList(missing, truth.events().size()));
      }
      // What nobody confirmed stays on the third disk until the next decision beats it.
      ChainHead third = head(3 - owner - backup).orElse(null);
      assertThat(third != null && whole)
          .isEqualTo(
              whole
                  && third != null
                  && IntStream.of(owner, backup)
                      .anyMatch(disk -> third.isBetterThan(head(disk).orElseThrow())));
    }

    @Override
    public void close() {
      disks.forEach(ChainStore::close);
    }
  }

  /** What runs came to. */
  private record Sum(int whole, int filledFromFormers) {}

  private static Sum run(Disks media, IntStream seeds, int checkEach) {
    int whole = 0;
    int filled = 0;
    for (int seed : seeds.toArray()) {
      try (var run = new Run(media, seed)) {
        for (int step = 0; step < STEPS; step++) {
          run.step();
          if (step % checkEach == 0) {
            run.check();
          }
        }
        boolean isWhole = run.check();
        run.settle();
        assertThat(run.check()).isEqualTo(isWhole);
        run.checkSettled(isWhole);
        whole += isWhole ? 1 : 0;
        filled += run.filledFromFormers;
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    return new Sum(whole, filled);
  }

  @Test
  void eventsThatTwoDisksHadAreNeverLost() {
    Sum sum = run(new InMemory(), IntStream.range(0, MEMORY_RUNS), 1);
    assertThat(sum.whole()).isGreaterThan(MEMORY_RUNS / 2).isLessThan(MEMORY_RUNS);
    assertThat(sum.filledFromFormers()).isGreaterThan(MEMORY_RUNS / 4);
  }

  @Test
  void norOnRealDisks() {
    Sum sum = run(new InFiles(folder), IntStream.range(0, SQLITE_RUNS), 10);
    assertThat(sum.whole()).isPositive();
    assertThat(sum.filledFromFormers()).isPositive();
  }
}
