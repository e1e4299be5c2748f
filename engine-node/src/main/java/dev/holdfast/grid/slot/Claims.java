package dev.holdfast.grid.slot;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.OnLimit;
import dev.holdfast.core.Slot;
import dev.holdfast.core.slot.Claim;
import dev.holdfast.core.slot.SlotKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The executions of this member that hold a slot of a concurrency key or wait for one, by key. One
 * counts as a holder from before its slot is set in memory until after its end is durable: rather
 * one too many than one too few. Thread-safe; an execution without such a key never comes here.
 */
public final class Claims {
  /** Of those that wait for a key, the first so many are told of. */
  static final int PAGE = 64;

  /**
   * What is told of a key.
   *
   * @param claims all that hold a slot, and some of those that wait
   * @param asking executions that are begun if they get a slot
   * @param complete whether these are all that wait
   */
  record Told(List<Claim> claims, Set<ExecutionKey> asking, boolean complete) {}

  private record Entry(Claim claim, long atNanos) {}

  private static final class OfKey {
    final Map<ExecutionKey, Entry> entries = new HashMap<>();
    final TreeSet<Claim> waiting = new TreeSet<>(Claim.BY_RANK);
    final Map<ExecutionKey, Integer> asking = new HashMap<>();

    boolean isEmpty() {
      return entries.isEmpty() && asking.isEmpty();
    }

    void put(Claim claim) {
      remove(claim.execution());
      entries.put(claim.execution(), new Entry(claim, System.nanoTime()));
      if (!claim.held()) {
        waiting.add(claim);
      }
    }

    void remove(ExecutionKey execution) {
      Entry known = entries.remove(execution);
      if (known != null && !known.claim().held()) {
        waiting.remove(known.claim());
      }
    }

    long seqOf(ExecutionKey execution) {
      Entry known = entries.get(execution);
      return known == null ? 0 : known.claim().seq();
    }
  }

  private final ConcurrentMap<SlotKey, OfKey> keys = new ConcurrentHashMap<>();
  private final LongSupplier epoch;

  /**
   * @param epoch under which this member decides
   */
  public Claims(LongSupplier epoch) {
    this.epoch = epoch;
  }

  private void change(SlotKey key, Consumer<OfKey> change) {
    keys.compute(
        key,
        (unused, known) -> {
          OfKey of = known == null ? new OfKey() : known;
          change.accept(of);
          return of.isEmpty() ? null : of;
        });
  }

  /**
   * A transition is about to be set that leads to this state, which has a concurrency key. On the
   * partition's thread.
   *
   * @param before null: it begins
   * @param epoch under which it was decided
   * @return false: it gives a slot, and the members have agreed on another epoch meanwhile. Whoever
   *     counts under that one may have been told already that the execution has none, so the
   *     transition must not be set
   */
  public boolean applied(@Nullable ExecutionState before, ExecutionState after, long epoch) {
    if (after.status().isEnded()) {
      // Until its end is durable it may come back as it was.
      return true;
    }
    if (before != null && before.status().isEnded() && after.waitsForSlot()) {
      // It has its slot until its end is durable, though it waits for another one already.
      came(before);
      return true;
    }
    update(after);
    boolean held = before != null && isHeld(before);
    if (held || !isHeld(after) || this.epoch.getAsLong() == epoch) {
      return true;
    }
    change(Claim.keyOf(after), of -> of.remove(after.key()));
    if (before != null) {
      update(before);
    }
    return false;
  }

  private static boolean isHeld(ExecutionState state) {
    Slot slot = state.slot();
    return slot != null && slot.held() && !state.status().isEnded();
  }

  private void update(ExecutionState state) {
    Claim claim = Claim.of(state).orElse(null);
    change(
        Claim.keyOf(state),
        of -> {
          if (claim == null) {
            of.remove(state.key());
          } else {
            of.put(claim);
          }
        });
  }

  /** The execution is so durably, or has come to this member as it is. */
  void known(ExecutionState state) {
    if (state.slot() == null) {
      return;
    }
    Claim claim = Claim.of(state).orElse(null);
    change(
        Claim.keyOf(state),
        of -> {
          if (of.seqOf(state.key()) > state.seq()) {
            return;
          }
          if (claim == null) {
            of.remove(state.key());
          } else {
            of.put(claim);
          }
        });
  }

  /** The execution has come to this member, not known to be durable. */
  public void came(ExecutionState state) {
    Slot slot = state.slot();
    if (slot == null) {
      return;
    }
    if (!state.status().isEnded()) {
      known(state);
    } else if (slot.held()) {
      var claim =
          new Claim(state.key(), state.seq(), slot.limit(), slot.onLimit(), slot.since(), true);
      change(Claim.keyOf(state), of -> of.put(claim));
    }
  }

  /** These executions are another member's business, or not as they were thought to be. */
  public void drop(Predicate<ExecutionKey> moved) {
    for (SlotKey key : keys.keySet()) {
      change(
          key,
          of -> new ArrayList<>(of.entries.keySet()).stream().filter(moved).forEach(of::remove));
    }
  }

  /**
   * Forgets what is not in memory any more: the end of what it waited for may have been missed.
   *
   * @param inPartition which executions were looked at
   * @param found those that were there
   * @param beforeNanos when the look began: what came later stays
   */
  public void retain(
      Predicate<ExecutionKey> inPartition, Set<ExecutionKey> found, long beforeNanos) {
    for (SlotKey key : keys.keySet()) {
      change(
          key,
          of ->
              new ArrayList<>(of.entries.values())
                  .stream()
                      .filter(entry -> entry.atNanos() - beforeNanos < 0)
                      .map(entry -> entry.claim().execution())
                      .filter(
                          execution -> inPartition.test(execution) && !found.contains(execution))
                      .forEach(of::remove));
    }
  }

  /** The execution is begun if it gets a slot; until {@link #asked} it is told of. */
  void asking(SlotKey key, ExecutionKey execution) {
    change(key, of -> of.asking.merge(execution, 1, Integer::sum));
  }

  /** It is known by now whether it was begun. */
  void asked(SlotKey key, ExecutionKey execution) {
    change(key, of -> of.asking.computeIfPresent(execution, (unused, n) -> n == 1 ? null : n - 1));
  }

  /** What this member has of a key. */
  Told told(SlotKey key) {
    var told = new ArrayList<Claim>();
    var asking = new HashSet<ExecutionKey>();
    var complete = new boolean[] {true};
    keys.computeIfPresent(
        key,
        (unused, of) -> {
          of.entries.values().stream().map(Entry::claim).filter(Claim::held).forEach(told::add);
          asking.addAll(of.asking.keySet());
          Set<Claim> page = page(of.waiting);
          told.addAll(page);
          complete[0] = page.size() == of.waiting.size();
          return of;
        });
    return new Told(told, asking, complete[0]);
  }

  /** The first of those that wait; and the newest where they take others' places. */
  private static Set<Claim> page(TreeSet<Claim> waiting) {
    var page = new TreeSet<>(Claim.BY_RANK);
    first(waiting, PAGE, page);
    if (!waiting.isEmpty() && waiting.last().onLimit() == OnLimit.CANCEL_RUNNING) {
      first(waiting.descendingSet(), PAGE + waiting.last().limit(), page);
    }
    return page;
  }

  private static void first(Collection<Claim> from, int most, Set<Claim> into) {
    int left = most;
    for (Claim claim : from) {
      if (left-- == 0) {
        return;
      }
      into.add(claim);
    }
  }

  /** The keys for which an execution of this member waits. */
  List<SlotKey> awaited() {
    var awaited = new ArrayList<SlotKey>();
    keys.forEach((key, of) -> {
      if (!of.waiting.isEmpty()) {
        awaited.add(key);
      }
    });
    return awaited;
  }

  /** Executions of this member that wait for a slot, about. */
  public int waitingCount() {
    int count = 0;
    for (OfKey of : keys.values()) {
      count += of.waiting.size();
    }
    return count;
  }

  /** Executions of this member that hold a slot, about. */
  public int heldCount() {
    int count = 0;
    for (OfKey of : keys.values()) {
      count += of.entries.size() - of.waiting.size();
    }
    return count;
  }
}
