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
}
