package dev.holdfast.api;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a schedule is to do. Immutable; each method gives a changed copy: {@code ScheduleSpec.of("0
 * 7 * * MON-FRI", "nightly-report").zone("Europe/Berlin")}.
 *
 * @param cron five fields (minute, hour, day of month, month, day of week), or six with the second
 *     before them
 * @param zone whose local time the expression is about, such as {@code Europe/Berlin}
 * @param definition what is started
 * @param version of the definition; null: the newest at each time
 * @param input of every execution; 64 KiB at most
 * @param attributes of every execution, besides {@code schedule}, which is the schedule's name; 31
 *     at most
 * @param session of every execution; null: none
 * @param priority of every execution, 0 to 9
 * @param timeout instead of the definition's own; null: that
 * @param overlap what is done while what was begun before has not ended
 * @param catchUp how long after a time its execution is still begun when nobody was there to begin
 *     it; 1 second to 31 days
 * @param description for people; null: none
 */
public record ScheduleSpec(
    String cron,
    String zone,
    String definition,
    @Nullable Integer version,
    @Nullable Object input,
    Map<String, String> attributes,
    @Nullable String session,
    int priority,
    @Nullable Duration timeout,
    OverlapPolicy overlap,
    Duration catchUp,
    @Nullable String description) {
  public static final String ZONE_DEFAULT = "UTC";
  public static final int PRIORITY_DEFAULT = 5;
  public static final Duration CATCH_UP_DEFAULT = Duration.ofMinutes(1);

  public ScheduleSpec {
    attributes = Map.copyOf(attributes);
  }

  /** UTC, the newest version, no input, skips while another runs, catches up for a minute. */
  public static ScheduleSpec of(String cron, String definition) {
    return new ScheduleSpec(
        cron,
        ZONE_DEFAULT,
        definition,
        null,
        null,
        Map.of(),
        null,
        PRIORITY_DEFAULT,
        null,
        OverlapPolicy.SKIP,
        CATCH_UP_DEFAULT,
        null);
  }

  public ScheduleSpec zone(String value) {
    return with(copy -> copy.zone = value);
  }

  public ScheduleSpec version(int value) {
    return with(copy -> copy.version = value);
  }

  public ScheduleSpec input(@Nullable Object value) {
    return with(copy -> copy.input = value);
  }

  public ScheduleSpec attributes(Map<String, String> value) {
    return with(copy -> copy.attributes = value);
  }

  public ScheduleSpec session(String value) {
    return with(copy -> copy.session = value);
  }

  public ScheduleSpec priority(int value) {
    return with(copy -> copy.priority = value);
  }

  public ScheduleSpec timeout(Duration value) {
    return with(copy -> copy.timeout = value);
  }

  public ScheduleSpec overlap(OverlapPolicy value) {
    return with(copy -> copy.overlap = value);
  }

  public ScheduleSpec catchUp(Duration value) {
    return with(copy -> copy.catchUp = value);
  }

  public ScheduleSpec description(String value) {
    return with(copy -> copy.description = value);
  }

  private ScheduleSpec with(Consumer<Copy> change) {
    var copy = new Copy(this);
    change.accept(copy);
    return new ScheduleSpec(
        cron,
        copy.zone,
        definition,
        copy.version,
        copy.input,
        copy.attributes,
        copy.session,
        copy.priority,
        copy.timeout,
        copy.overlap,
        copy.catchUp,
        copy.description);
  }

  /** What can be changed, while it is. */
  private static final class Copy {
    private String zone;
    private @Nullable Integer version;
    private @Nullable Object input;
    private Map<String, String> attributes;
    private @Nullable String session;
    private int priority;
    private @Nullable Duration timeout;
    private OverlapPolicy overlap;
    private Duration catchUp;
    private @Nullable String description;

    Copy(ScheduleSpec of) {
      zone = of.zone;
      version = of.version;
      input = of.input;
      attributes = of.attributes;
      session = of.session;
      priority = of.priority;
      timeout = of.timeout;
      overlap = of.overlap;
      catchUp = of.catchUp;
      description = of.description;
    }
  }
}
