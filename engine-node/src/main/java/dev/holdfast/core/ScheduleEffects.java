package dev.holdfast.core;

import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.core.ScheduleEvent.FiringBegan;
import java.util.ArrayList;
import java.util.List;

/** What the shell has to do for a schedule: the same after events and for who comes to own it. */
final class ScheduleEffects {
  private ScheduleEffects() {}

  /**
   * @param events that led there; empty: they were somebody else's
   */
  static List<Effect> of(Schedule schedule, List<Event> events) {
    var effects = new ArrayList<Effect>(4);
    effects.add(new Effect.ListSchedule());
    Schedule.Running running = schedule.running();
    if (running != null) {
      boolean isFresh = !events.isEmpty() && events.getLast() instanceof FiringBegan;
      String time = running.scheduledAt().toString();
      effects.add(new Effect.HoldChild(time, running.attempt(), isFresh));
    }
    schedule.next().ifPresent(time -> effects.add(new Effect.BeginFiring(time)));
    schedule.timer().ifPresent(at -> effects.add(new Effect.ArmTimer(at)));
    if (schedule.status() == ScheduleStatus.DELETED) {
      effects.add(new Effect.EndExecution());
    }
    return List.copyOf(effects);
  }
}
