package dev.holdfast.core.simulation;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.slot.Arbitration;
import dev.holdfast.core.slot.Arbitration.Verdict;
import dev.holdfast.core.slot.Claim;
import dev.holdfast.core.slot.SlotKey;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives out slots by the states in memory and in the journal, over a network that loses, repeats
 * and delays what it says. Each life of the node is an epoch.
 */
final class SimulatedSlots {
  private final SimulatedNode node;
  private final Network network;
  private final SimulatedJournal journal;

  /** What was given in this life and may not have been taken, by the seq that it was given for. */
  private final Map<ExecutionKey, Long> given = new LinkedHashMap<>();

  SimulatedSlots(SimulatedNode node, Network network, SimulatedJournal journal) {
    this.node = node;
    this.network = network;
    this.journal = journal;
  }

  /** A new life: what was given in the one before is refused. */
  void forget() {
    given.clear();
  }

  /** The execution has a slot, waits for one, or has ended. */
  void claimed(ExecutionState state) {
    SlotKey key = Claim.keyOf(state);
    network.send(() -> giveOut(key));
  }

  private void giveOut(SlotKey key) {
    if (!node.isUp()) {
      return;
    }
    List<Claim> claims = claims(key);
    Set<ExecutionKey> taken = new LinkedHashSet<>();
    for (ExecutionKey execution : List.copyOf(given.keySet())) {
      Claim claim =
          claims.stream().filter(one -> one.execution().equals(execution)).findFirst().orElse(null);
      ExecutionState state = node.inMemory(execution);
      if (state == null || !Claim.keyOf(state).equals(key)) {
        continue;
      }
      if (claim == null || claim.held() || claim.seq() > given.get(execution)) {
        given.remove(execution);
      } else {
        taken.add(execution);
        grant(execution, claim.seq());
      }
    }
    Verdict verdict = Arbitration.decide(taken, claims, List.of());
    for (Claim claim : verdict.granted()) {
      given.put(claim.execution(), claim.seq());
      grant(claim.execution(), claim.seq());
    }
    ExecutionKey newcomer = verdict.newcomer();
    if (newcomer != null) {
      for (Claim claim : verdict.cancelled()) {
        Command cancel =
            new Command.CancelExecution("slot/" + newcomer.id(), "concurrency-key", null);
        network.send(() -> node.submit(claim.execution(), cancel, reply -> {}));
      }
    }
  }

  private void grant(ExecutionKey execution, long seq) {
    var grant = new Command.GrantSlot(node.epoch(), seq);
    network.send(() -> node.submit(execution, grant, reply -> {}));
  }

  /** Who holds a slot in memory or durably, and who waits in memory. */
  private List<Claim> claims(SlotKey key) {
    var claims = new LinkedHashMap<ExecutionKey, Claim>();
    for (ExecutionKey execution : journal.keys()) {
      put(claims, key, journal.state(execution), true);
    }
    node.memory().forEach(state -> put(claims, key, state, false));
    return List.copyOf(claims.values());
  }

  private static void put(
      Map<ExecutionKey, Claim> claims,
      SlotKey key,
      @Nullable ExecutionState state,
      boolean heldOnly) {
    if (state == null || state.slot() == null || !Claim.keyOf(state).equals(key)) {
      return;
    }
    Claim.of(state)
        .filter(claim -> claim.held() || !heldOnly)
        .filter(claim -> {
          Claim known = claims.get(claim.execution());
          return known == null || !known.held();
        })
        .ifPresent(claim -> claims.put(claim.execution(), claim));
  }
}
