package dev.holdfast.core;

import dev.holdfast.api.FiringOutcome;
import dev.holdfast.core.ScheduleEvent.PassedOver;
import dev.holdfast.core.ScheduleEvent.TimesCame;
import dev.holdfast.core.cron.CronTimes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What becomes of a schedule's times once they have come. Of use to one thread, for one call. */
final class DueTimes {
  private final Schedule schedule;
  private final CronTimes times;
  private final Instant now;
  private final List<Instant> wanted = new ArrayList<>();
  private final List<PassedOver> passedOver = new ArrayList<>();
  private @Nullable String unwanted;

  /** The next that has not been looked at. */
  private @Nullable Instant due;

  private DueTimes(Schedule schedule, Instant now) {
    this.schedule = schedule;
    this.times = Scheduling.times(schedule.spec());
    this.now = now;
    this.due = schedule.due();
  }

  /**
   * Of the times that have come, those that are older than the catch-up window are missed; the
   * schedule's policy says what becomes of the others.
   */
  static void come(Draft draft) {
    Schedule schedule = Objects.requireNonNull(draft.fold().schedule());
    if (isDue(schedule, draft)) {
      var due = new DueTimes(schedule, draft.now());
      Instant windowBegin = draft.now().minus(schedule.spec().catchUp());
      due.passOver(windowBegin, false, FiringOutcome.MISSED);
      due.settle();
      draft.emit(due.event());
    }
  }

  /** Nothing is begun for any time that has come. */
  static void passOver(Draft draft, FiringOutcome why) {
    Schedule schedule = Objects.requireNonNull(draft.fold().schedule());
    if (isDue(schedule, draft)) {
      var due = new DueTimes(schedule, draft.now());
      due.passOver(draft.now(), true, why);
      draft.emit(due.event());
    }
  }

  private static boolean isDue(Schedule schedule, Draft draft) {
    Instant due = schedule.due();
    return due != null && draft.isDue(due);
  }

  private TimesCame event() {
    return new TimesCame(wanted, passedOver, unwanted, due);
  }

  private void settle() {
    List<Instant> came =
        switch (schedule.spec().overlap()) {
          case SKIP, QUEUE -> take(Limits.SCHEDULE_WAITING_MAX);
          case CANCEL_OTHER -> take(Limits.SCHEDULE_COUNTED_MAX);
        };
    if (came.isEmpty()) {
      return;
    }
    switch (schedule.spec().overlap()) {
      case SKIP -> {
        boolean isBusy = schedule.running() != null || !schedule.waiting().isEmpty();
        want(came, isBusy ? 0 : 1, FiringOutcome.SKIPPED);
      }
      case QUEUE -> {
        int room = Limits.SCHEDULE_WAITING_MAX - schedule.waiting().size();
        want(came, Math.clamp(room, 0, came.size()), FiringOutcome.QUEUE_FULL);
      }
      case CANCEL_OTHER -> cancelOther(came);
    }
  }

  /** The times until now, at most so many. */
  private List<Instant> take(int max) {
    var came = new ArrayList<Instant>();
    Instant at = due;
    while (at != null && !at.isAfter(now) && came.size() < max) {
      came.add(at);
      at = after(at);
    }
    due = at;
    return came;
  }

  /** The first ones are begun, all others until now passed over. */
  private void want(List<Instant> came, int count, FiringOutcome whyNot) {
    wanted.addAll(came.subList(0, count));
    passOver(came.subList(count, came.size()), whyNot);
    passOver(now, true, whyNot);
  }

  /** The newest takes the place of all before it. */
  private void cancelOther(List<Instant> came) {
    var superseded = new ArrayList<>(schedule.waiting());
    superseded.addAll(came.subList(0, came.size() - 1));
    passOver(superseded, FiringOutcome.SUPERSEDED);
    wanted.add(came.getLast());
    passOver(now, true, FiringOutcome.SUPERSEDED);
    Schedule.Running running = schedule.running();
    if (running != null && !running.unwanted()) {
      unwanted = Schedule.idOf(running);
    }
  }

  /** Those that follow on each other are one entry; what waited may be older than a pause. */
  private void passOver(List<Instant> some, FiringOutcome why) {
    int from = 0;
    for (int i = 1; i <= some.size(); i++) {
      if (i == some.size() || !some.get(i).equals(after(some.get(i - 1)))) {
        passedOver.add(new PassedOver(some.get(from), some.get(i - 1), i - from, why));
        from = i;
      }
    }
  }

  /**
   * Passes over what is due until then. Of very many the rest isn't counted, so that a long absence
   * costs no more than a short one.
   */
  private void passOver(Instant until, boolean inclusive, FiringOutcome why) {
    Instant end = inclusive ? until.plusNanos(1) : until;
    Instant first = due;
    Instant last = first;
    Instant at = first;
    int count = 0;
    while (at != null && at.isBefore(end) && count < Limits.SCHEDULE_COUNTED_MAX) {
      last = at;
      count++;
      at = after(at);
    }
    if (at != null && at.isBefore(end)) {
      last = until;
      at = after(end.minusNanos(1));
    }
    due = at;
    if (first != null && last != null && count > 0) {
      passedOver.add(new PassedOver(first, last, count, why));
    }
  }

  private @Nullable Instant after(Instant time) {
    return times.after(time).orElse(null);
  }
}
