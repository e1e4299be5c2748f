package dev.holdfast.cli.output;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times and durations for people. */
public final class Times {
  private static final DateTimeFormatter ABSOLUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  private Times() {}

  /** {@code 12s ago}, {@code in 3m}, and from a day on the date and time in that zone. */
  public static String relative(@Nullable Instant time, Instant now, ZoneId zone) {
    if (time == null) {
      return "";
    }
    Duration past = Duration.between(time, now);
    if (past.abs().compareTo(Duration.ofDays(1)) >= 0) {
      return absolute(time, zone);
    }
    return past.isNegative() ? "in " + coarse(past.negated()) : coarse(past) + " ago";
  }

  /** Date and time in that zone, to the second. */
  public static String absolute(Instant time, ZoneId zone) {
    return ABSOLUTE.format(time.atZone(zone));
  }

  /** The time of the day in that zone, to the millisecond. */
  public static String clock(Instant time, ZoneId zone) {
    return CLOCK.format(time.atZone(zone));
  }

  /** {@code 7ms}, {@code 1.5s}, {@code 2m05s}, {@code 3h12m}, {@code 4d02h}. */
  public static String duration(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 1_000) {
      return millis + "ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1fs", millis / 1_000.0);
    }
    long seconds = duration.toSeconds();
    if (seconds < 3_600) {
      return String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60);
    }
    long minutes = seconds / 60;
    return minutes < 24 * 60
        ? String.format(Locale.ROOT, "%dh%02dm", minutes / 60, minutes % 60)
        : String.format(Locale.ROOT, "%dd%02dh", minutes / (24 * 60), minutes / 60 % 24);
  }

  private static String coarse(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 60) {
      return seconds + "s";
    }
    return seconds < 3_600 ? seconds / 60 + "m" : seconds / 3_600 + "h";
  }
}
