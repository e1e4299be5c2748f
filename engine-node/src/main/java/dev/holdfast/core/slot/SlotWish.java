package dev.holdfast.core.slot;

import dev.holdfast.core.Command;
import dev.holdfast.core.ConcurrencyKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.OnLimit;
import dev.holdfast.core.Rejection;
import dev.holdfast.core.Slot;
import dev.holdfast.core.Step;
import dev.holdfast.core.slot.Arbitration.Request;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a command needs that begins an execution which must not wait for a slot. */
public record SlotWish(SlotKey key, Request request) {
  /**
   * What the command needs; empty: nothing.
   *
   * @param before the execution as it is; null: there is none
   */
  public static Optional<SlotWish> of(
      @Nullable ExecutionState before, Command command, Instant now) {
    boolean mayNotWait =
        switch (command) {
          case Command.StartExecution start ->
              before == null && isRefused(start.plan().concurrencyKey());
          case Command.RetryExecution _ -> before != null && isRefused(before.slot());
          default -> false;
        };
    return mayNotWait
            && Step.of(before, command, now) instanceof Step.Changed(_, _, var after)
            && after.waitsForSlot()
            && after.slot() instanceof Slot slot
        ? Optional.of(new SlotWish(Claim.keyOf(after), new Request(after.key(), slot.limit())))
        : Optional.empty();
  }

  /** What is said where no slot is free. */
  public Rejection refusal() {
    return new Rejection(
        Rejection.Code.CONCURRENCY_LIMIT,
        "of '%s' with concurrency key '%s' no more than %d may run at once; try again when one has ended"
            .formatted(key.definition(), key.key(), request.limit()));
  }

  private static boolean isRefused(@Nullable ConcurrencyKey key) {
    return key != null && key.onLimit() == OnLimit.REFUSE;
  }

  private static boolean isRefused(@Nullable Slot slot) {
    return slot != null && slot.onLimit() == OnLimit.REFUSE;
  }
}
