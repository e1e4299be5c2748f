package dev.holdfast.core;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds a task up between the end of its needs and its hand-over, as its definition says. In
 * this order.
 *
 * @param delay how long it waits; null: not at all
 * @param signal what it waits for from outside; null: nothing
 * @param approval who has to let it pass; null: nobody
 */
public record Gates(
    @Nullable Duration delay, @Nullable Signal signal, @Nullable Approval approval) {
  /** Nothing holds it up. */
  public static final Gates NONE = new Gates(null, null, null);

  /**
   * {@code waitFor}: a signal of this name, of which each is taken by one task.
   *
   * @param timeout how long it may take to come before the task fails; null: as long as it takes
   */
  public record Signal(String name, @Nullable Duration timeout) {}

  /**
   * {@code pauseBefore}: a person decides.
   *
   * @param approvers roles of which one is enough; empty: anybody
   * @param expires how long the decision may take before the task fails; null: as long as it takes
   */
  public record Approval(List<String> approvers, @Nullable Duration expires) {
    public Approval {
      approvers = List.copyOf(approvers);
    }
  }
}
