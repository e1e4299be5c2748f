package dev.holdfast.grid.dispatch;

import dev.holdfast.grid.AgentProfile;
import dev.holdfast.grid.Assignment;
import java.util.List;

/**
 * A way to an agent: a connected session or a waiting poll. {@link #credit} is guarded by the
 * exchange's lock.
 */
abstract class AgentChannel {
  final AgentProfile profile;

  /** How many more tasks it takes. */
  int credit;

  /** Whether it takes tasks at all. */
  volatile boolean open = true;

  AgentChannel(AgentProfile profile) {
    this.profile = profile;
  }

  boolean accepts(QueueKey queue) {
    return credit > 0 && isFor(queue);
  }

  /** Whether it takes such tasks, once it has credit. */
  boolean isFor(QueueKey queue) {
    return open && profile.labels().entrySet().containsAll(queue.requires().entrySet());
  }

  /** A task was put aside for it; called under the exchange's lock. */
  abstract void reserved();

  /** What was put aside won't come; called under the exchange's lock. */
  abstract void released();

  /**
   * These were handed over, durably. Called on the effects thread.
   *
   * @return those that nobody is left to take
   */
  abstract List<Assignment> deliver(List<Assignment> assignments);
}
