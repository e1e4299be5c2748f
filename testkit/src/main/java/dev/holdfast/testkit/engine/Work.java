package dev.holdfast.testkit.engine;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.ExecutionState;

/** Where tasks and agents meet. */
public interface Work {
  /** The task waits for an agent. */
  void offer(ExecutionState state, String task);

  /** The attempt goes to its agent. */
  void deliver(ExecutionState state, String task, Attempt attempt);

  /** The attempt has ended. */
  void end(ExecutionKey key, Attempt attempt);

  /** Nothing of the execution may be handed out any more. */
  void withdraw(ExecutionKey key);
}
