package dev.holdfast.node.chaos;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Event;
import dev.holdfast.core.Evolver;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.grid.DefinitionRegistry;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.codec.EntryEncoder;
import dev.holdfast.node.chaos.history.Happened;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is on members' disks once they have stopped: every event's hash is computed anew from the
 * first on, states are folded anew, and the best chain of each execution among the disks has to be
 * the one that the members showed.
 */
final class DiskCheck {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final int WHOLE = Integer.MAX_VALUE;

  private final Map<String, List<Happened>> shown;
  private final Map<String, HistoryItem> best = new HashMap<>();
  private final List<String> wrong = new ArrayList<>();

  /**
   * @param shown the final history of each execution, by id
   */
  DiskCheck(Map<String, List<Happened>> shown) {
    this.shown = shown;
  }

  /** Reads a store that nobody writes to. */
  void read(StateStore store) {
    PlanResolver plans = new DefinitionRegistry(store, CLOCK)::resolve;
    store.recover(plans, live -> {}).damaged().forEach(wrong::add);
    shown.keySet().forEach(execution -> read(store, plans, execution));
  }

  private void read(StateStore store, PlanResolver plans, String execution) {
    var key = new ExecutionKey(ExecutionKey.DEFAULT_TENANT, execution);
    List<HistoryItem> history = store.history(key, 0, WHOLE);
    if (history.isEmpty()) {
      return;
    }
    HistoryItem last = history.getLast();
    best.merge(execution, last, DiskCheck::better);
    if (history.getFirst().seq() != 1) {
      // It came here as a state, and its beginning is on other disks.
      return;
    }
    ExecutionEntry stored = store.loadEntry(key, plans).orElse(null);
    if (stored == null) {
      wrong.add(execution + " has a history on a disk and no state");
      return;
    }
    ExecutionState folded = fold(key, plans, history, stored);
    if (!stored.state().equals(folded)) {
      wrong.add(
          "%s is stored as %s, by its events it is %s"
              .formatted(execution, stored.state(), folded));
    }
  }

  private @Nullable ExecutionState fold(
      ExecutionKey key, PlanResolver plans, List<HistoryItem> history, ExecutionEntry stored) {
    byte[] hash = EntryEncoder.genesis();
    ExecutionState state = null;
    for (HistoryItem item : history) {
      if (state == null) {
        var started = (Event.ExecutionStarted) item.event();
        var plan = plans.resolve(key.tenant(), started.definition(), started.version());
        state = Evolver.begin(plan, key, started, item.at());
      } else {
        state = Evolver.evolve(state, item.event(), item.at());
      }
      hash =
          EntryEncoder.encode(
                  key, item.seq(), item.epoch(), item.at(), List.of(item.event()), hash, state)
              .content()
              .hash();
      if (!Arrays.equals(hash, item.hash())) {
        wrong.add(key.id() + ": the hash of seq " + item.seq() + " does not hold");
        return state;
      }
    }
    if (!Arrays.equals(hash, stored.hash())) {
      wrong.add(key.id() + ": the stored state's hash is not that of its last event");
    }
    return state;
  }

  private static HistoryItem better(HistoryItem one, HistoryItem other) {
    if (one.epoch() != other.epoch()) {
      return one.epoch() > other.epoch() ? one : other;
    }
    return one.seq() >= other.seq() ? one : other;
  }

  /** What is wrong, once every disk was read: a sentence each. */
  List<String> wrong() {
    shown.forEach((execution, history) -> {
      HistoryItem kept = best.get(execution);
      if (history.isEmpty()) {
        return;
      }
      Happened last = history.getLast();
      if (kept == null) {
        wrong.add(execution + " is on no disk");
      } else if (!HexFormat.of().formatHex(kept.hash()).equals(last.hash())) {
        wrong.add(
            "%s: the best chain on disk ends at seq %d of epoch %d, shown was seq %d of epoch %d"
                .formatted(execution, kept.seq(), kept.epoch(), last.seq(), last.epoch()));
      }
    });
    return wrong;
  }
}
