package dev.holdfast.grid;

import com.hazelcast.spi.exception.SilentException;

/**
 * The execution's partition has gone to another member, which knows what became of the command. It
 * is part of every move: Hazelcast logs nothing of it.
 */
public final class MovedException extends IllegalStateException implements SilentException {
  private static final long serialVersionUID = 1L;

  /** Carries the message over the wire. */
  public MovedException(String message) {
    super(message);
  }
}
