package dev.holdfast.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as it is shown. In JSON, fields that are null are left out.
 *
 * @param version that is pinned; null: the newest at each time
 * @param input of every execution; null: none
 * @param session of every execution; null: none
 * @param priority of every execution, 0 to 9
 * @param timeoutMs instead of the definition's own, in milliseconds; null: that
 * @param catchUpMs how long after its time an execution is still begun, in milliseconds
 * @param description for people; null: none
 * @param pause set while it is PAUSED
 * @param upcoming the next times, none while it is paused
 * @param running what it has begun and has not ended; null: nothing
 * @param waiting times that have come and begin once what runs has ended, oldest first
 * @param recent what became of the newest times, newest first
 * @param begun executions begun since the schedule was first set
 * @param revision 1, and one more with each change of what it is to do
 * @param by who set it last
 * @param seq number of its last event
 */
public record ScheduleView(
    String name,
    String tenant,
    ScheduleStatus status,
    String cron,
    String zone,
    String definition,
    @Nullable Integer version,
    @Nullable Object input,
    Map<String, String> attributes,
    @Nullable String session,
    int priority,
    @Nullable Long timeoutMs,
    OverlapPolicy overlap,
    long catchUpMs,
    @Nullable String description,
    @Nullable PauseInfo pause,
    List<Instant> upcoming,
    @Nullable Firing running,
    List<Instant> waiting,
    List<Firing> recent,
    int begun,
    int revision,
    String by,
    Instant updatedAt,
    long seq) {

  /** Who paused it, why and when. */
  public record PauseInfo(String by, @Nullable String reason, Instant at) {}

  /**
   * A time, or several in a row of which the same became.
   *
   * @param scheduledAt the time, in UTC
   * @param until the last of several; null: it is one
   * @param count how many; 1000 may be more
   * @param outcome null while its execution runs
   * @param execution the id of its execution; null: none was begun
   * @param version of the definition, from 1; null: no execution was begun
   * @param error why it went wrong, where it did
   */
  public record Firing(
      Instant scheduledAt,
      @Nullable Instant until,
      int count,
      @Nullable FiringOutcome outcome,
      @Nullable String execution,
      @Nullable Integer version,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable TaskError error) {}
}
