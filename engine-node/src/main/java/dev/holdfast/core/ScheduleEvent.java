package dev.holdfast.core;

import dev.holdfast.api.FiringOutcome;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.api.TaskError;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened to a schedule. */
public sealed interface ScheduleEvent extends Event.OfSchedule {

  /**
   * It was set, set to something else, or set again after it was deleted.
   *
   * @param due its first time from now on; null: there is none
   */
  record ScheduleSet(ScheduleSpec spec, @Nullable Instant due, String by)
      implements ScheduleEvent {}

  /** Somebody paused it, let it go on or deleted it. */
  record ScheduleSwitched(String commandId, ScheduleStatus to, String by, @Nullable String reason)
      implements ScheduleEvent {}

  /**
   * Times have come.
   *
   * @param wanted their executions are begun, one after the other
   * @param passedOver nothing is begun for these; also some that waited
   * @param unwanted id of the execution that is cancelled to make place; null: none
   * @param due the next time; null: there is none
   */
  record TimesCame(
      List<Instant> wanted,
      List<PassedOver> passedOver,
      @Nullable String unwanted,
      @Nullable Instant due)
      implements ScheduleEvent {
    public TimesCame {
      wanted = List.copyOf(wanted);
      passedOver = List.copyOf(passedOver);
    }
  }

  /**
   * Times in a row for which nothing is begun.
   *
   * @param count how many; {@link Limits#SCHEDULE_COUNTED_MAX} may be more
   */
  record PassedOver(Instant first, Instant last, int count, FiringOutcome why) {}

  /**
   * The execution for the time that had waited longest is begun.
   *
   * @param number from 1
   * @param nonce random; makes the execution's start that of this time and of no other
   * @param execution its id
   * @param version of the definition that it runs; 0: none is registered
   */
  record FiringBegan(
      int number, Instant scheduledAt, long nonce, String execution, String definition, int version)
      implements ScheduleEvent {}

  /** The execution of that number has ended, or could not be begun. */
  record FiringEnded(int number, FiringOutcome outcome, @Nullable TaskError error)
      implements ScheduleEvent {}
}
