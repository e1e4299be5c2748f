package dev.holdfast.core;

import java.time.Instant;
import java.util.Optional;

/** When an execution has to be looked at again. */
public final class Timers {
  private Timers() {}

  /** The earliest time at which {@code FireTimers} may do something; empty: never. */
  public static Optional<Instant> next(ExecutionState state) {
    throw new UnsupportedOperationException();
  }
}
