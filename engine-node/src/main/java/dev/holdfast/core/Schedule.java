package dev.holdfast.core;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.FiringOutcome;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.api.TaskError;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an execution has that is a schedule (ADR 0033), instead of tasks. Each of its times is
 * carried out by a child of it.
 *
 * @param revision how often its spec was given another content, the first included
 * @param by who gave the spec, and {@code setAt} when
 * @param halt set while it is PAUSED
 * @param due the next time that has not been looked at; null: there is none
 * @param running what was begun and has not ended; null: nothing
 * @param waiting times that have come and whose executions were not begun, oldest first
 * @param recent what became of the newest times, oldest first
 * @param begun how many executions were begun, which is the newest one's number
 */
public record Schedule(
    ScheduleSpec spec,
    ScheduleStatus status,
    int revision,
    String by,
    Instant setAt,
    @Nullable Halt halt,
    @Nullable Instant due,
    @Nullable Running running,
    List<Instant> waiting,
    List<Past> recent,
    int begun) {
  /** The name and version that executions have which are schedules; no definition has it. */
  public static final String DEFINITION = "_schedule";

  private static final int VERSION = 1;

  /** A plan without tasks: all that a schedule does is here. */
  public static final Plan PLAN =
      new Plan(
          DEFINITION,
          VERSION,
          Limits.DURATION_MAX,
          Map.of(),
          List.of(),
          null,
          SchemaCheck.NONE,
          SchemaCheck.NONE);

  public Schedule {
    waiting = List.copyOf(waiting);
    recent = List.copyOf(recent);
  }

  /** The same schedule, further on with its times. */
  Schedule further(
      @Nullable Instant nextDue,
      @Nullable Running nowRunning,
      List<Instant> nowWaiting,
      List<Past> nowRecent,
      int nowBegun) {
    return new Schedule(
        spec,
        status,
        revision,
        by,
        setAt,
        halt,
        nextDue,
        nowRunning,
        nowWaiting,
        nowRecent,
        nowBegun);
  }

  /** Who paused it, why and when. */
  public record Halt(String by, @Nullable String reason, Instant at) {}

  /**
   * What was begun for a time.
   *
   * @param attempt its number is that of the schedule's execution, from 1
   * @param unwanted whether it was cancelled to make place for a later one
   */
  public record Running(
      Instant scheduledAt, String definition, Attempt attempt, boolean unwanted) {}

  /**
   * What became of a time, or of several in a row.
   *
   * @param last the last of several; of one the same
   * @param execution null: none was begun
   * @param version of the definition; 0: none was begun
   * @param at when it ended, or was passed over
   */
  public record Past(
      Instant first,
      Instant last,
      int count,
      FiringOutcome outcome,
      @Nullable String execution,
      int version,
      @Nullable Instant begunAt,
      Instant at,
      @Nullable TaskError error) {
    /** These times were passed over. */
    static Past of(ScheduleEvent.PassedOver times, Instant at) {
      return new Past(
          times.first(), times.last(), times.count(), times.why(), null, 0, null, at, null);
    }

    /** With those that follow, of which the same became. */
    Past and(Past next) {
      int sum = Math.min(count + next.count, Limits.SCHEDULE_COUNTED_MAX);
      return new Past(first, next.last, sum, outcome, null, 0, null, next.at, null);
    }

    /** Whether nothing was begun, and the same holds for the one after it. */
    boolean isLike(Past next) {
      return execution == null && next.execution == null && outcome == next.outcome;
    }
  }

  /** When it has to be looked at again; empty: never. */
  Optional<Instant> timer() {
    return status == ScheduleStatus.ACTIVE ? Optional.ofNullable(due) : Optional.empty();
  }

  /** The time whose execution is to be begun now; empty: none. */
  Optional<Instant> next() {
    return status == ScheduleStatus.ACTIVE && running == null && !waiting.isEmpty()
        ? Optional.of(waiting.getFirst())
        : Optional.empty();
  }

  /** What runs, if it is the one with this number. */
  @Nullable Running running(int number) {
    Running here = running;
    return here != null && here.attempt().number() == number ? here : null;
  }

  /** The id of the execution that was begun. */
  static String idOf(Running running) {
    return Objects.requireNonNull(running.attempt().child()).id();
  }

  /** The id of the execution that is begun for this time. */
  static String idOf(ExecutionKey schedule, Instant time) {
    return ExecutionKey.scheduleOf(schedule.id()) + '/' + time;
  }
}
