package dev.holdfast.grid.chain;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.ChainStore.ChainHead;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which of several members' chains of each execution holds (ADR 0021): the one whose last event has
 * the highest epoch, and of those the longest. Chains that end with the same event are one: the
 * highest epoch under which any member has it counts. Members are numbered; of equal chains that of
 * the lowest number is taken, a complete one before one that isn't. Not thread-safe.
 */
final class BestChains {
  private final int members;
  private final Map<ExecutionKey, @Nullable ChainHead[]> heads = new HashMap<>();

  BestChains(int members) {
    this.members = members;
  }

  /** A member has this chain. */
  void add(int member, ChainHead head) {
    @Nullable ChainHead[] known = heads.computeIfAbsent(head.key(), key -> new ChainHead[members]);
    for (ChainHead other : known) {
      if (other != null && isEqual(other, head)) {
        // Most are: one object then stands for all.
        known[member] = other;
        return;
      }
    }
    known[member] = head;
  }

  private static boolean isEqual(ChainHead one, ChainHead other) {
    return one.epoch() == other.epoch()
        && one.complete() == other.complete()
        && one.isSameAs(other);
  }

  /** A member's chain of this execution turned out to be of no use. */
  void reject(int member, ExecutionKey key) {
    @Nullable ChainHead[] known = heads.get(key);
    if (known != null) {
      known[member] = null;
    }
  }

  /** Whose chain of the execution is the best; -1: nobody has one. */
  int holder(ExecutionKey key) {
    @Nullable ChainHead[] known = heads.get(key);
    return known == null ? -1 : best(known);
  }

  private static int best(@Nullable ChainHead[] known) {
    ChainHead highest = highest(known);
    int best = -1;
    for (int member = 0; member < known.length; member++) {
      ChainHead head = known[member];
      if (highest != null && head != null && head.isSameAs(highest)) {
        if (head.complete()) {
          return member;
        }
        best = best < 0 ? member : best;
      }
    }
    return best;
  }

  /** "Better than" is no order of three: the same event may be under several epochs. */
  private static @Nullable ChainHead highest(@Nullable ChainHead[] known) {
    ChainHead highest = null;
    for (ChainHead head : known) {
      if (head != null
          && (highest == null
              || head.epoch() > highest.epoch()
              || head.epoch() == highest.epoch() && head.seq() > highest.seq())) {
        highest = head;
      }
    }
    return highest;
  }

  /** The epoch by which the best chain of the execution holds; 0: nobody has one. */
  long epoch(ExecutionKey key) {
    @Nullable ChainHead[] known = heads.get(key);
    ChainHead highest = known == null ? null : highest(known);
    return highest == null ? 0 : highest.epoch();
  }

  /** The member's chain of the execution; null: it is not known to have one. */
  @Nullable ChainHead head(int member, ExecutionKey key) {
    @Nullable ChainHead[] known = heads.get(key);
    return known == null ? null : known[member];
  }

  /** Every execution of which somebody has a chain. */
  void each(Consumer<ExecutionKey> sink) {
    heads.keySet().forEach(sink);
  }

  /**
   * Executions of which the member may have a chain that matters, though it is not known to have
   * one: all but those whose best chain so many members have that what this one could have beyond
   * can't have been confirmed by two.
   *
   * @param clusterSize members that there can be
   */
  List<ExecutionKey> unknown(int member, int clusterSize) {
    var unknown = new ArrayList<ExecutionKey>();
    heads.forEach((key, known) -> {
      if (known[member] == null && holdersOfBest(known) < clusterSize - 1) {
        unknown.add(key);
      }
    });
    return unknown;
  }

  private static int holdersOfBest(@Nullable ChainHead[] known) {
    int best = best(known);
    int holders = 0;
    if (best >= 0) {
      ChainHead head = known[best];
      for (ChainHead other : known) {
        if (head != null && other != null && other.isSameAs(head)) {
          holders++;
        }
      }
    }
    return holders;
  }
}
