package dev.holdfast.testkit.engine;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.slot.Arbitration;
import dev.holdfast.core.slot.Arbitration.Request;
import dev.holdfast.core.slot.Arbitration.Verdict;
import dev.holdfast.core.slot.Claim;
import dev.holdfast.core.slot.SlotKey;
import dev.holdfast.core.slot.SlotWish;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gives out the slots of concurrency keys. */
final class Turns {
  private static final long EPOCH = 1;

  private final Agenda agenda;
  private final VirtualEngine engine;
  private final Set<SlotKey> due = new HashSet<>();

  Turns(Agenda agenda, VirtualEngine engine) {
    this.agenda = agenda;
    this.engine = engine;
  }

  /** The execution has come to wait for a slot, or has ended with one. */
  void claimed(ExecutionState state) {
    SlotKey key = Claim.keyOf(state);
    if (due.add(key)) {
      agenda.plan(
          agenda.now(),
          () -> {
            due.remove(key);
            giveOut(key);
          });
    }
  }

  private void giveOut(SlotKey key) {
    Verdict verdict = decide(key, List.of());
    for (Claim claim : verdict.granted()) {
      engine.submit(claim.execution(), new Command.GrantSlot(EPOCH, claim.seq()));
    }
    ExecutionKey newcomer = verdict.newcomer();
    if (newcomer != null) {
      for (Claim claim : verdict.cancelled()) {
        engine.submit(
            claim.execution(),
            new Command.CancelExecution(
                "slot/" + newcomer.id(),
                "concurrency-key",
                "execution %s has the same concurrency key '%s' and takes its place"
                    .formatted(newcomer.id(), key.key())));
      }
    }
  }

  private Verdict decide(SlotKey key, List<Request> requests) {
    List<Claim> claims =
        engine.chronicles().stream()
            .map(Chronicle::state)
            .filter(state -> state != null && state.slot() != null)
            .filter(state -> Claim.keyOf(state).equals(key))
            .map(Claim::of)
            .flatMap(Optional::stream)
            .toList();
    return Arbitration.decide(Set.of(), claims, requests);
  }

  /** Whether there is a slot for what must not wait for one. */
  boolean isFree(SlotWish wish) {
    return !decide(wish.key(), List.of(wish.request())).reserved().isEmpty();
  }

  /** Gives it the slot that was free. */
  void take(ExecutionKey execution) {
    Chronicle chronicle = engine.find(execution);
    ExecutionState state = chronicle == null ? null : chronicle.state();
    if (state != null && state.waitsForSlot()) {
      engine.submit(execution, new Command.GrantSlot(EPOCH, state.seq()));
    }
  }
}
