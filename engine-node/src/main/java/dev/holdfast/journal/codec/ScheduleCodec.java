package dev.holdfast.journal.codec;

import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.ChildRun;
import dev.holdfast.core.Event;
import dev.holdfast.core.Schedule;
import dev.holdfast.core.Schedule.Halt;
import dev.holdfast.core.Schedule.Past;
import dev.holdfast.core.Schedule.Running;
import dev.holdfast.core.ScheduleEvent;
import dev.holdfast.core.ScheduleEvent.FiringBegan;
import dev.holdfast.core.ScheduleEvent.FiringEnded;
import dev.holdfast.core.ScheduleEvent.PassedOver;
import dev.holdfast.core.ScheduleEvent.ScheduleSet;
import dev.holdfast.core.ScheduleEvent.ScheduleSwitched;
import dev.holdfast.core.ScheduleEvent.TimesCame;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Schedules and what happens to them, as they are stored. */
final class ScheduleCodec {
  private ScheduleCodec() {}

  static int fields(ScheduleEvent event) {
    return switch (event) {
      case ScheduleSet _ -> 3;
      case ScheduleSwitched _ -> 4;
      case TimesCame _ -> 4;
      case FiringBegan _ -> 6;
      case FiringEnded _ -> 3;
    };
  }

  static int type(ScheduleEvent event) {
    return switch (event) {
      case ScheduleSet _ -> EventEncoder.SCHEDULE_SET;
      case ScheduleSwitched _ -> EventEncoder.SCHEDULE_SWITCHED;
      case TimesCame _ -> EventEncoder.TIMES_CAME;
      case FiringBegan _ -> EventEncoder.FIRING_BEGAN;
      case FiringEnded _ -> EventEncoder.FIRING_ENDED;
    };
  }

  /** The event's own fields. */
  static void write(CborWriter out, ScheduleEvent event) {
    switch (event) {
      case ScheduleSet e -> {
        write(out, e.spec());
        out.instant(e.due());
        out.text(e.by());
      }
      case ScheduleSwitched e -> {
        out.text(e.commandId());
        out.number(Codes.SCHEDULE_STATUS.code(e.to()));
        out.text(e.by());
        out.text(e.reason());
      }
      case TimesCame e -> {
        times(out, e.wanted());
        out.array(e.passedOver().size());
        e.passedOver().forEach(times -> write(out, times));
        out.end();
        out.text(e.unwanted());
        out.instant(e.due());
      }
      case FiringBegan e -> {
        out.number(e.number());
        out.instant(e.scheduledAt());
        out.number(e.nonce());
        out.text(e.execution());
        out.text(e.definition());
        out.number(e.version());
      }
      case FiringEnded e -> {
        out.number(e.number());
        out.number(Codes.FIRING_OUTCOME.code(e.outcome()));
        out.error(e.error());
      }
    }
  }

  /** The fields of an event of that type; null: it is none of a schedule. */
  static @Nullable Event read(CborReader in, int type) {
    return switch (type) {
      case EventEncoder.SCHEDULE_SET -> {
        in.beginArray();
        yield new ScheduleSet(spec(in), in.instantOrNull(), in.text());
      }
      case EventEncoder.SCHEDULE_SWITCHED ->
          new ScheduleSwitched(
              in.text(), Codes.SCHEDULE_STATUS.constant(in.number()), in.text(), in.textOrNull());
      case EventEncoder.TIMES_CAME ->
          new TimesCame(times(in), passedOver(in), in.textOrNull(), in.instantOrNull());
      case EventEncoder.FIRING_BEGAN ->
          new FiringBegan(
              in.integer(), in.instant(), in.number(), in.text(), in.text(), in.integer());
      case EventEncoder.FIRING_ENDED ->
          new FiringEnded(
              in.integer(), Codes.FIRING_OUTCOME.constant(in.number()), in.errorOrNull());
      default -> null;
    };
  }

  private static void write(CborWriter out, PassedOver times) {
    out.array(4);
    out.instant(times.first());
    out.instant(times.last());
    out.number(times.count());
    out.number(Codes.FIRING_OUTCOME.code(times.why()));
    out.end();
  }

  private static List<PassedOver> passedOver(CborReader in) {
    in.beginArray();
    var all = new ArrayList<PassedOver>();
    while (in.beginArrayOrNullOrEnd()) {
      all.add(
          new PassedOver(
              in.instant(),
              in.instant(),
              in.integer(),
              Codes.FIRING_OUTCOME.constant(in.number())));
      in.endArray();
    }
    return all;
  }

  private static void times(CborWriter out, List<Instant> times) {
    out.array(times.size());
    for (Instant time : times) {
      out.array(1);
      out.instant(time);
      out.end();
    }
    out.end();
  }

  private static List<Instant> times(CborReader in) {
    in.beginArray();
    var times = new ArrayList<Instant>();
    while (in.beginArrayOrNullOrEnd()) {
      times.add(in.instant());
      in.endArray();
    }
    return times;
  }

  private static void write(CborWriter out, ScheduleSpec spec) {
    out.array(12);
    out.text(spec.cron());
    out.text(spec.zone());
    out.text(spec.definition());
    out.number(spec.version() == null ? 0 : spec.version());
    out.value(spec.input());
    out.labels(spec.attributes());
    out.text(spec.session());
    out.number(spec.priority());
    timeout(out, spec.timeout());
    out.number(Codes.OVERLAP_POLICY.code(spec.overlap()));
    out.duration(spec.catchUp());
    out.text(spec.description());
    out.end();
  }

  /** The array's beginning has been read. */
  private static ScheduleSpec spec(CborReader in) {
    String cron = in.text();
    String zone = in.text();
    String definition = in.text();
    int version = in.integer();
    var spec =
        new ScheduleSpec(
            cron,
            zone,
            definition,
            version == 0 ? null : version,
            in.value(),
            in.labels(),
            in.textOrNull(),
            in.integer(),
            timeout(in),
            Codes.OVERLAP_POLICY.constant(in.number()),
            in.duration(),
            in.textOrNull());
    in.endArray();
    return spec;
  }

  private static void timeout(CborWriter out, @Nullable Duration timeout) {
    if (timeout == null) {
      out.nothing();
      return;
    }
    out.array(1);
    out.duration(timeout);
    out.end();
  }

  private static @Nullable Duration timeout(CborReader in) {
    if (!in.beginArrayOrNull()) {
      return null;
    }
    Duration timeout = in.duration();
    in.endArray();
    return timeout;
  }

  static void write(CborWriter out, Schedule schedule) {
    out.array(11);
    write(out, schedule.spec());
    out.number(Codes.SCHEDULE_STATUS.code(schedule.status()));
    out.number(schedule.revision());
    out.text(schedule.by());
    out.instant(schedule.setAt());
    write(out, schedule.halt());
    out.instant(schedule.due());
    write(out, schedule.running());
    times(out, schedule.waiting());
    out.array(schedule.recent().size());
    schedule.recent().forEach(past -> write(out, past));
    out.end();
    out.number(schedule.begun());
    out.end();
  }

  /** The array's beginning has been read. */
  static Schedule schedule(CborReader in) {
    in.beginArray();
    var schedule =
        new Schedule(
            spec(in),
            Codes.SCHEDULE_STATUS.constant(in.number()),
            in.integer(),
            in.text(),
            in.instant(),
            halt(in),
            in.instantOrNull(),
            running(in),
            times(in),
            recent(in),
            in.integer());
    in.endArray();
    return schedule;
  }

  private static void write(CborWriter out, @Nullable Halt halt) {
    if (halt == null) {
      out.nothing();
      return;
    }
    out.array(3);
    out.text(halt.by());
    out.text(halt.reason());
    out.instant(halt.at());
    out.end();
  }

  private static @Nullable Halt halt(CborReader in) {
    if (!in.beginArrayOrNull()) {
      return null;
    }
    var halt = new Halt(in.text(), in.textOrNull(), in.instant());
    in.endArray();
    return halt;
  }

  private static void write(CborWriter out, @Nullable Running running) {
    if (running == null) {
      out.nothing();
      return;
    }
    Attempt attempt = running.attempt();
    out.array(8);
    out.instant(running.scheduledAt());
    out.text(running.definition());
    out.truth(running.unwanted());
    out.number(attempt.number());
    out.number(attempt.nonce());
    out.text(attempt.worker());
    out.instant(attempt.startedAt());
    ChildCodec.write(out, Objects.requireNonNull(attempt.child()));
    out.end();
  }

  private static @Nullable Running running(CborReader in) {
    if (!in.beginArrayOrNull()) {
      return null;
    }
    Instant scheduledAt = in.instant();
    String definition = in.text();
    boolean unwanted = in.truth();
    int number = in.integer();
    long nonce = in.number();
    String worker = in.text();
    Instant begunAt = in.instant();
    in.beginArray();
    ChildRun child = ChildCodec.child(in);
    in.endArray();
    var attempt = new Attempt(number, nonce, worker, begunAt, begunAt, null, null, null, child);
    return new Running(scheduledAt, definition, attempt, unwanted);
  }

  private static void write(CborWriter out, Past past) {
    out.array(9);
    out.instant(past.first());
    out.instant(past.last());
    out.number(past.count());
    out.number(Codes.FIRING_OUTCOME.code(past.outcome()));
    out.text(past.execution());
    out.number(past.version());
    out.instant(past.begunAt());
    out.instant(past.at());
    out.error(past.error());
    out.end();
  }

  private static List<Past> recent(CborReader in) {
    in.beginArray();
    var recent = new ArrayList<Past>();
    while (in.beginArrayOrNullOrEnd()) {
      recent.add(
          new Past(
              in.instant(),
              in.instant(),
              in.integer(),
              Codes.FIRING_OUTCOME.constant(in.number()),
              in.textOrNull(),
              in.integer(),
              in.instantOrNull(),
              in.instant(),
              in.errorOrNull()));
      in.endArray();
    }
    return recent;
  }
}
