package dev.holdfast.core.cel;

import dev.cel.common.exceptions.CelInvalidArgumentException;
import dev.holdfast.core.Limits;

/**
 * What one evaluation may still do, in units of about a byte looked at or written. Iterations alone
 * would not bound it: each can compare or join texts of a megabyte.
 */
final class WorkBudget {
  /** The budget of the evaluation that runs on this thread. */
  static final ScopedValue<WorkBudget> CURRENT = ScopedValue.newInstance();

  private long unitsLeft = Limits.EXPRESSION_WORK_MAX;

  /**
   * @throws CelInvalidArgumentException when that is more than is left; CEL's runtime passes it on
   */
  void charge(long units) {
    unitsLeft -= units;
    if (unitsLeft < 0) {
      throw new CelInvalidArgumentException(exhausted());
    }
  }

  /**
   * Whether a charge was refused. {@code a || b} passes over an error in one of its sides, so the
   * caller asks afterwards.
   */
  boolean isExhausted() {
    return unitsLeft < 0;
  }

  static String exhausted() {
    return "the expression costs more than " + Limits.EXPRESSION_WORK_MAX + " units of work";
  }
}
