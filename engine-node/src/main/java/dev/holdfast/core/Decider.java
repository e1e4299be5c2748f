package dev.holdfast.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The rules: what follows from a command, given the state. Pure. */
public final class Decider {
  private Decider() {}

  /**
   * @param state null: no such execution
   * @param now not before the state's {@code updatedAt} is counted as that
   */
  public static Decision decide(@Nullable ExecutionState state, Command command, Instant now) {
    throw new UnsupportedOperationException();
  }

  /**
   * The time that counts for a transition decided now: what the shell gives its events. A clock
   * that was set back does not turn an execution's time back.
   */
  public static Instant timeOf(@Nullable ExecutionState state, Instant now) {
    return state != null && now.isBefore(state.updatedAt()) ? state.updatedAt() : now;
  }
}
