package dev.holdfast.grid;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * So many in each period, evenly paced.
 *
 * @param count from 1
 * @param period a second, a minute or an hour
 */
public record RateLimit(int count, Duration period) {
  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,6})/([smh])");

  /**
   * @throws IllegalArgumentException when the count is below 1
   */
  public RateLimit {
    if (count < 1) {
      throw new IllegalArgumentException("a rate must be 1 or more, but is " + count);
    }
  }

  /**
   * Reads {@code 10/s}, {@code 600/m} or {@code 5000/h}.
   *
   * @throws IllegalArgumentException when the text has another form
   */
  public static RateLimit parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a rate such as 10/s, 600/m or 5000/h: " + text);
    }
    Duration period =
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(1);
          case "m" -> Duration.ofMinutes(1);
          default -> Duration.ofHours(1);
        };
    return new RateLimit(Integer.parseInt(matcher.group(1)), period);
  }

  /** Time from one to the next. */
  public double nanosEach() {
    return (double) period.toNanos() / count;
  }

  @Override
  public String toString() {
    return count + (period.toSeconds() == 1 ? "/s" : period.toSeconds() == 60 ? "/m" : "/h");
  }
}
