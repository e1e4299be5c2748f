package dev.holdfast.node.config;

import dev.holdfast.api.Durations;
import java.time.Duration;
import java.util.Locale;

/**
 * One key of the configuration.
 *
 * @param key as in {@code config/holdfast.yaml}, levels parted by dots, such as {@code http.port}
 * @param range what is taken, for a person: values and unit
 * @param defaultText the value where nobody gives one, in the form that {@code parser} reads
 * @param parser throws {@link IllegalArgumentException} for what is out of range
 */
public record Setting<T>(String key, String range, String defaultText, Parser<T> parser) {

  /** Reads a value's text. */
  @FunctionalInterface
  public interface Parser<T> {
    /**
     * @throws IllegalArgumentException when the text is not a value in range
     */
    T parse(String text);
  }

  /** A whole number from {@code min} to {@code max}. */
  public static Setting<Integer> number(String key, String what, int value, int min, int max) {
    return new Setting<>(
        key,
        what + ", " + min + " to " + max,
        String.valueOf(value),
        text -> {
          int number = Integer.parseInt(text);
          if (number < min || number > max) {
            throw new IllegalArgumentException("out of range");
          }
          return number;
        });
  }

  /** A whole number from {@code min} to {@code max} that may be beyond 32 bits. */
  public static Setting<Long> large(String key, String what, long value, long min, long max) {
    return new Setting<>(
        key,
        what + ", " + min + " to " + max,
        String.valueOf(value),
        text -> {
          long number = Long.parseLong(text);
          if (number < min || number > max) {
            throw new IllegalArgumentException("out of range");
          }
          return number;
        });
  }

  /** A duration from {@code min} to {@code max}, written as {@link Durations} reads it. */
  public static Setting<Duration> duration(String key, String value, Duration min, Duration max) {
    return new Setting<>(
        key,
        "a duration such as 250ms, 30s or 90d, " + min + " to " + max,
        value,
        text -> {
          Duration duration = Durations.parse(text);
          if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
            throw new IllegalArgumentException("out of range");
          }
          return duration;
        });
  }

  /** Yes or no, written {@code true} or {@code false}. */
  public static Setting<Boolean> flag(String key, boolean value) {
    return new Setting<>(
        key,
        "true or false",
        String.valueOf(value),
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException("neither");
            });
  }

  /** One of an enum's values, written in lower case. */
  public static <E extends Enum<E>> Setting<E> choice(String key, String range, E value) {
    return new Setting<>(
        key,
        range,
        value.name().toLowerCase(Locale.ROOT),
        text -> Enum.valueOf(value.getDeclaringClass(), text.toUpperCase(Locale.ROOT)));
  }

  /**
   * The environment variable: {@code http.bodyBytesMax} is {@code HOLDFAST_HTTP_BODY_BYTES_MAX}.
   */
  public String environmentVariable() {
    return "HOLDFAST_"
        + key.replace('.', '_').replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
  }
}
