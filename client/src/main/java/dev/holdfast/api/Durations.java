package dev.holdfast.api;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as they are written in definitions, requests and options: {@code 250ms}, {@code 30s},
 * {@code 10m}, {@code 24h}, {@code 7d} or ISO-8601, such as {@code PT10M}.
 */
public final class Durations {
  private static final Pattern SHORT = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

  private Durations() {}

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException when the text is of neither form, is negative or passes what a
   *     {@link Duration} holds; the message can be shown to whoever wrote it
   */
  public static Duration parse(String text) {
    Matcher matcher = SHORT.matcher(text);
    if (matcher.matches()) {
      long amount = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        case "h" -> Duration.ofHours(amount);
        default -> Duration.ofDays(amount);
      };
    }
    return parseIso(text);
  }

  private static Duration parseIso(String text) {
    Duration duration;
    try {
      duration = Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "not a duration, write for example 250ms, 30s, 10m, 24h, 7d or PT10M: " + text, e);
    }
    if (duration.isNegative()) {
      throw new IllegalArgumentException("a duration can't be negative: " + text);
    }
    return duration;
  }
}
