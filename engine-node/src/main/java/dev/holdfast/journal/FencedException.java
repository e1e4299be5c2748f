package dev.holdfast.journal;

import dev.holdfast.api.ExecutionKey;

/** The store holds another event at this position: another member has taken the execution over. */
public final class FencedException extends Exception {
  private static final long serialVersionUID = 1L;

  public FencedException(ExecutionKey key, long seq) {
    super(key + " was written at seq " + seq + " by another owner");
  }
}
