package dev.holdfast.core;

import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.core.cron.CronTimes;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a schedule that somebody wants. Pure. */
public final class ScheduleCheck {
  private static final int PRIORITY_MAX = 9;

  private final List<Fault> faults = new ArrayList<>();

  private ScheduleCheck() {}

  /**
   * Something wrong.
   *
   * @param field of the spec
   * @param message what is allowed there
   */
  public record Fault(String field, String message) {}

  /**
   * All that is wrong with it, the definition apart; empty: nothing.
   *
   * @param now a schedule has to have a time after that
   */
  public static List<Fault> of(ScheduleSpec spec, Instant now) {
    var check = new ScheduleCheck();
    check.times(spec, now);
    check.bounds(spec);
    return List.copyOf(check.faults);
  }

  private void fault(String field, String message) {
    faults.add(new Fault(field, message));
  }

  private void times(ScheduleSpec spec, Instant now) {
    ZoneId zone = zone(spec.zone());
    if (spec.cron().length() > Limits.LABEL_CHARS_MAX) {
      fault("cron", "may have %d characters at most".formatted(Limits.LABEL_CHARS_MAX));
      return;
    }
    try {
      CronTimes times = CronTimes.of(spec.cron(), zone == null ? ZoneId.of("UTC") : zone);
      if (times.after(now).isEmpty()) {
        fault("cron", "names no time that will ever come");
      }
    } catch (IllegalArgumentException e) {
      fault("cron", String.valueOf(e.getMessage()));
    }
  }

  private @Nullable ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      fault("zone", "must be a time zone such as Europe/Berlin or UTC, but is: " + name);
      return null;
    }
  }

  private void bounds(ScheduleSpec spec) {
    long bytes = Sizes.of(spec.input());
    if (bytes > Limits.SCHEDULE_INPUT_BYTES_MAX) {
      fault(
          "input",
          "has %d bytes, SCHEDULE_INPUT_BYTES_MAX is %d; upload it and send its reference"
              .formatted(bytes, Limits.SCHEDULE_INPUT_BYTES_MAX));
    }
    if (spec.attributes().size() >= Limits.ATTRIBUTES_MAX) {
      fault(
          "attributes",
          "may be %d at most, besides 'schedule'".formatted(Limits.ATTRIBUTES_MAX - 1));
    }
    spec.attributes().forEach((key, value) -> label("attributes." + key, key, value));
    label("session", spec.session());
    label("description", spec.description());
    if (spec.priority() < 0 || spec.priority() > PRIORITY_MAX) {
      fault("priority", "must be 0 to %d, but is %d".formatted(PRIORITY_MAX, spec.priority()));
    }
    Integer version = spec.version();
    if (version != null && version < 1) {
      fault("version", "must be 1 or higher, but is " + version);
    }
    Duration timeout = spec.timeout();
    if (timeout != null && (!timeout.isPositive() || timeout.compareTo(Limits.DURATION_MAX) > 0)) {
      fault("timeout", "must be longer than nothing and no longer than " + Limits.DURATION_MAX);
    }
    if (spec.catchUp().compareTo(Limits.CATCH_UP_MIN) < 0
        || spec.catchUp().compareTo(Limits.CATCH_UP_MAX) > 0) {
      fault(
          "catchUp",
          "must be %s to %s, but is %s"
              .formatted(Limits.CATCH_UP_MIN, Limits.CATCH_UP_MAX, spec.catchUp()));
    }
  }

  private void label(String field, @Nullable String... texts) {
    for (String text : texts) {
      if (text != null && text.length() > Limits.LABEL_CHARS_MAX) {
        fault(field, "may have %d characters at most".formatted(Limits.LABEL_CHARS_MAX));
      }
    }
  }
}
