package dev.holdfast.grid.summary;

import dev.holdfast.core.ExecutionState;

/** Who is told of executions that this member owns. */
@FunctionalInterface
public interface SummaryFeed {
  /** Where nobody wants to know. */
  SummaryFeed NONE = (state, begins) -> {};

  /**
   * The execution has become this, durably. Returns at once. What is older than what was told
   * before is left out, so that two threads may tell of one execution.
   *
   * @param begins it is its first state
   */
  void changed(ExecutionState state, boolean begins);
}
