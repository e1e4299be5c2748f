package dev.holdfast.core;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.api.ScheduleView;
import dev.holdfast.api.ScheduleView.Firing;
import dev.holdfast.core.cron.CronTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows schedules as users see them. */
public final class ScheduleViews {
  private static final int UPCOMING = 5;

  private ScheduleViews() {}

  /** The schedule that this execution is; empty: it is none, or was deleted. */
  public static Optional<ScheduleView> of(ExecutionState state) {
    Schedule schedule = state.schedule();
    return schedule == null || schedule.status() == ScheduleStatus.DELETED
        ? Optional.empty()
        : Optional.of(of(state, schedule));
  }

  private static ScheduleView of(ExecutionState state, Schedule schedule) {
    ScheduleSpec spec = schedule.spec();
    Duration timeout = spec.timeout();
    Schedule.Halt halt = schedule.halt();
    Schedule.Running running = schedule.running();
    return new ScheduleView(
        ExecutionKey.scheduleOf(state.key().id()),
        state.key().tenant(),
        schedule.status(),
        spec.cron(),
        spec.zone(),
        spec.definition(),
        spec.version(),
        spec.input(),
        spec.attributes(),
        spec.session(),
        spec.priority(),
        timeout == null ? null : timeout.toMillis(),
        spec.overlap(),
        spec.catchUp().toMillis(),
        spec.description(),
        halt == null ? null : new ScheduleView.PauseInfo(halt.by(), halt.reason(), halt.at()),
        upcoming(schedule),
        running == null ? null : firing(running),
        schedule.waiting(),
        schedule.recent().reversed().stream().map(ScheduleViews::firing).toList(),
        schedule.begun(),
        schedule.revision(),
        schedule.by(),
        state.updatedAt(),
        state.seq());
  }

  private static List<Instant> upcoming(Schedule schedule) {
    var upcoming = new ArrayList<Instant>();
    Instant next = schedule.timer().orElse(null);
    CronTimes times = Scheduling.times(schedule.spec());
    while (next != null && upcoming.size() < UPCOMING) {
      upcoming.add(next);
      next = times.after(next).orElse(null);
    }
    return List.copyOf(upcoming);
  }

  private static Firing firing(Schedule.Running running) {
    Attempt attempt = running.attempt();
    ChildRun child = attempt.child();
    return new Firing(
        running.scheduledAt(),
        null,
        1,
        null,
        child == null ? null : child.id(),
        child == null ? null : versionOrNull(child.version()),
        attempt.startedAt(),
        null,
        null);
  }

  private static Firing firing(Schedule.Past past) {
    return new Firing(
        past.first(),
        past.last().equals(past.first()) ? null : past.last(),
        past.count(),
        past.outcome(),
        past.execution(),
        versionOrNull(past.version()),
        past.begunAt(),
        past.at(),
        past.error());
  }

  private static @Nullable Integer versionOrNull(int version) {
    return version == 0 ? null : version;
  }
}
