package dev.holdfast.journal.codec;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.FiringOutcome;
import dev.holdfast.api.OverlapPolicy;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.AttemptOutcome;
import dev.holdfast.core.OnLimit;
import dev.holdfast.core.PlannedTask;
import java.util.List;

/**
 * The numbers under which enum constants are stored: the place in these lists. Frozen: new
 * constants go to the end, whatever order the enum has.
 *
 * @param <E> the enum
 */
public final class Codes<E extends Enum<E>> {
  /** An execution's status, also in the listing's rows. */
  public static final Codes<ExecutionStatus> EXECUTION_STATUS =
      new Codes<>(
          List.of(
              ExecutionStatus.RUNNING,
              ExecutionStatus.PAUSING,
              ExecutionStatus.PAUSED,
              ExecutionStatus.CANCELLING,
              ExecutionStatus.COMPLETED,
              ExecutionStatus.FAILED,
              ExecutionStatus.CANCELLED,
              ExecutionStatus.TIMED_OUT));

  static final Codes<TaskStatus> TASK_STATUS =
      new Codes<>(
          List.of(
              TaskStatus.PENDING,
              TaskStatus.READY,
              TaskStatus.RUNNING,
              TaskStatus.RETRYING,
              TaskStatus.AWAITING_APPROVAL,
              TaskStatus.COMPLETED,
              TaskStatus.FAILED,
              TaskStatus.SKIPPED,
              TaskStatus.CANCELLED));

  static final Codes<AttemptOutcome> ATTEMPT_OUTCOME =
      new Codes<>(
          List.of(
              AttemptOutcome.COMPLETED,
              AttemptOutcome.ERROR,
              AttemptOutcome.TIMED_OUT,
              AttemptOutcome.LEASE_LOST,
              AttemptOutcome.REVOKED));

  static final Codes<PlannedTask.Hook> HOOK =
      new Codes<>(
          List.of(
              PlannedTask.Hook.SETUP,
              PlannedTask.Hook.TEARDOWN,
              PlannedTask.Hook.ON_PAUSE,
              PlannedTask.Hook.ON_RESUME));

  static final Codes<PauseMode> PAUSE_MODE =
      new Codes<>(List.of(PauseMode.GRACEFUL, PauseMode.IMMEDIATE));

  static final Codes<OnLimit> ON_LIMIT =
      new Codes<>(List.of(OnLimit.QUEUE, OnLimit.CANCEL_RUNNING, OnLimit.REFUSE));
  static final Codes<ScheduleStatus> SCHEDULE_STATUS =
      new Codes<>(List.of(ScheduleStatus.ACTIVE, ScheduleStatus.PAUSED, ScheduleStatus.DELETED));

  static final Codes<OverlapPolicy> OVERLAP_POLICY =
      new Codes<>(List.of(OverlapPolicy.SKIP, OverlapPolicy.QUEUE, OverlapPolicy.CANCEL_OTHER));

  static final Codes<FiringOutcome> FIRING_OUTCOME =
      new Codes<>(
          List.of(
              FiringOutcome.COMPLETED,
              FiringOutcome.FAILED,
              FiringOutcome.CANCELLED,
              FiringOutcome.TIMED_OUT,
              FiringOutcome.NOT_STARTED,
              FiringOutcome.SKIPPED,
              FiringOutcome.SUPERSEDED,
              FiringOutcome.QUEUE_FULL,
              FiringOutcome.MISSED,
              FiringOutcome.PAUSED));

  private final List<E> constants;
  private final int[] codes;

  private Codes(List<E> constants) {
    this.constants = constants;
    int size = constants.getFirst().getDeclaringClass().getEnumConstants().length;
    if (size != constants.size()) {
      throw new IllegalStateException(
          constants.getFirst().getDeclaringClass() + " has constants without a code");
    }
    this.codes = new int[size];
    for (int i = 0; i < size; i++) {
      codes[constants.get(i).ordinal()] = i;
    }
  }

  /** The constant's number. */
  public int code(E constant) {
    return codes[constant.ordinal()];
  }

  /**
   * @throws CodecException when there is none of that number
   */
  public E constant(long code) {
    if (code < 0 || code >= constants.size()) {
      throw new CodecException("unknown code " + code);
    }
    return constants.get((int) code);
  }
}
