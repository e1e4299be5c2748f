package dev.holdfast.core.slot;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.OnLimit;
import dev.holdfast.core.Slot;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;

/**
 * An execution that holds a slot or waits for one.
 *
 * @param seq of the execution as it was seen
 * @param limit how many may hold a slot at once, as its definition's version has it
 * @param since from when on it has waited
 */
public record Claim(
    ExecutionKey execution, long seq, int limit, OnLimit onLimit, Instant since, boolean held) {

  /** By rank: who has waited longest is first. */
  public static final Comparator<Claim> BY_RANK =
      Comparator.comparing(Claim::since)
          .thenComparing(claim -> claim.execution().tenant())
          .thenComparing(claim -> claim.execution().id());

  /**
   * What the execution claims as it is: one that has ended, or waits and may not go on at the
   * moment, claims nothing.
   */
  public static Optional<Claim> of(ExecutionState state) {
    Slot slot = state.slot();
    if (slot == null || state.status().isEnded()) {
      return Optional.empty();
    }
    boolean claims = slot.held() || state.status() == ExecutionStatus.RUNNING;
    return claims ? Optional.of(claim(state, slot)) : Optional.empty();
  }

  private static Claim claim(ExecutionState state, Slot slot) {
    return new Claim(
        state.key(), state.seq(), slot.limit(), slot.onLimit(), slot.since(), slot.held());
  }

  /** The slots that an execution's is one of. It has a slot, or waits for one. */
  public static SlotKey keyOf(ExecutionState state) {
    Slot slot = Objects.requireNonNull(state.slot());
    return new SlotKey(state.key().tenant(), state.plan().name(), slot.key());
  }
}
