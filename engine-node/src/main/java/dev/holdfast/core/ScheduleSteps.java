package dev.holdfast.core;

import dev.holdfast.api.FiringOutcome;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.core.Schedule.Halt;
import dev.holdfast.core.Schedule.Past;
import dev.holdfast.core.Schedule.Running;
import dev.holdfast.core.ScheduleEvent.FiringBegan;
import dev.holdfast.core.ScheduleEvent.FiringEnded;
import dev.holdfast.core.ScheduleEvent.PassedOver;
import dev.holdfast.core.ScheduleEvent.ScheduleSet;
import dev.holdfast.core.ScheduleEvent.ScheduleSwitched;
import dev.holdfast.core.ScheduleEvent.TimesCame;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a schedule is after an event. */
final class ScheduleSteps {
  private ScheduleSteps() {}

  /**
   * @param before null: it has just begun
   * @throws IllegalStateException when the event can't have happened
   */
  static Schedule after(@Nullable Schedule before, ScheduleEvent event, Instant at) {
    if (event instanceof ScheduleSet e) {
      return before == null || before.status() == ScheduleStatus.DELETED
          ? begun(before, e, at)
          : with(before, e, at);
    }
    if (before == null || before.status() == ScheduleStatus.DELETED) {
      throw new IllegalStateException("there is no schedule");
    }
    return switch (event) {
      case ScheduleSet _ -> throw new IllegalStateException("it is set");
      case ScheduleSwitched e -> turned(before, e, at);
      case TimesCame e -> came(before, e, at);
      case FiringBegan e -> began(before, e, at);
      case FiringEnded e -> ended(before, e, at);
    };
  }

  /** Numbers go on where those of a deleted one of that name ended, so that none comes twice. */
  private static Schedule begun(@Nullable Schedule deleted, ScheduleSet e, Instant at) {
    return new Schedule(
        e.spec(),
        ScheduleStatus.ACTIVE,
        1,
        e.by(),
        at,
        null,
        e.due(),
        null,
        List.of(),
        List.of(),
        deleted == null ? 0 : deleted.begun());
  }

  private static Schedule with(Schedule before, ScheduleSet e, Instant at) {
    return new Schedule(
        e.spec(),
        before.status(),
        before.revision() + 1,
        e.by(),
        at,
        before.halt(),
        e.due(),
        before.running(),
        before.waiting(),
        before.recent(),
        before.begun());
  }

  private static Schedule turned(Schedule before, ScheduleSwitched e, Instant at) {
    boolean isDeleted = e.to() == ScheduleStatus.DELETED;
    return new Schedule(
        before.spec(),
        e.to(),
        before.revision(),
        before.by(),
        before.setAt(),
        e.to() == ScheduleStatus.PAUSED ? new Halt(e.by(), e.reason(), at) : null,
        isDeleted ? null : before.due(),
        isDeleted ? null : before.running(),
        isDeleted ? List.of() : before.waiting(),
        before.recent(),
        before.begun());
  }

  private static Schedule came(Schedule before, TimesCame e, Instant at) {
    var waiting = new ArrayList<>(before.waiting());
    List<Past> recent = before.recent();
    for (PassedOver times : e.passedOver()) {
      waiting.removeIf(time -> !time.isBefore(times.first()) && !time.isAfter(times.last()));
      recent = and(recent, Past.of(times, at));
    }
    waiting.addAll(e.wanted());
    Running running = before.running();
    if (running != null && e.unwanted() != null) {
      running = new Running(running.scheduledAt(), running.definition(), running.attempt(), true);
    }
    return before.further(e.due(), running, waiting, recent, before.begun());
  }

  private static Schedule began(Schedule before, FiringBegan e, Instant at) {
    List<Instant> waiting = before.waiting();
    if (before.running() != null
        || waiting.isEmpty()
        || !waiting.getFirst().equals(e.scheduledAt())) {
      throw new IllegalStateException(e.scheduledAt() + " is not what waits");
    }
    var attempt =
        new Attempt(
            e.number(),
            e.nonce(),
            e.version() == 0 ? e.definition() : e.definition() + " v" + e.version(),
            at,
            at,
            null,
            null,
            null,
            new ChildRun(e.execution(), e.version(), false));
    return before.further(
        before.due(),
        new Running(e.scheduledAt(), e.definition(), attempt, false),
        waiting.subList(1, waiting.size()),
        before.recent(),
        e.number());
  }

  private static Schedule ended(Schedule before, FiringEnded e, Instant at) {
    Running running = before.running(e.number());
    if (running == null) {
      throw new IllegalStateException("number " + e.number() + " does not run");
    }
    ChildRun child = Objects.requireNonNull(running.attempt().child());
    boolean isBegun = e.outcome() != FiringOutcome.NOT_STARTED;
    var past =
        new Past(
            running.scheduledAt(),
            running.scheduledAt(),
            1,
            e.outcome(),
            isBegun ? child.id() : null,
            child.version(),
            running.attempt().startedAt(),
            at,
            e.error());
    return before.further(
        before.due(), null, before.waiting(), and(before.recent(), past), before.begun());
  }

  /** Times in a row for which nothing was begun, and for the same reason, are one. */
  private static List<Past> and(List<Past> recent, Past next) {
    if (!recent.isEmpty() && recent.getLast().isLike(next)) {
      var longer = new ArrayList<>(recent);
      longer.set(longer.size() - 1, recent.getLast().and(next));
      return List.copyOf(longer);
    }
    return Newest.appended(recent, next, Limits.SCHEDULE_RECENT_MAX);
  }
}
