package dev.holdfast.core.cron;

import com.cronutils.model.Cron;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The times that a cron expression names in a time zone. The library knows local times alone; what
 * becomes of them when clocks are put forward or back is settled here (ADR 0033):
 *
 * <ul>
 *   <li>A local time that doesn't exist on that day stands for the first moment after the gap.
 *   <li>One that exists twice stands for the first of the two.
 *   <li>An expression that names every hour goes by the time that passes: it is due in both of two
 *       hours of the same name, and in none that there isn't.
 * </ul>
 *
 * Pure and immutable.
 */
public final class CronTimes {
  private static final CronDefinition DEFINITION =
      CronDefinitionBuilder.defineCron()
          .withSeconds()
          .withValidRange(0, 59)
          .withStrictRange()
          .and()
          .withMinutes()
          .withValidRange(0, 59)
          .withStrictRange()
          .and()
          .withHours()
          .withValidRange(0, 23)
          .withStrictRange()
          .and()
          .withDayOfMonth()
          .withValidRange(1, 31)
          .supportsL()
          .supportsW()
          .supportsLW()
          .withStrictRange()
          .and()
          .withMonth()
          .withValidRange(1, 12)
          .withStrictRange()
          .and()
          .withDayOfWeek()
          .withValidRange(0, 7)
          .withMondayDoWValue(1)
          .withIntMapping(7, 0)
          .supportsHash()
          .supportsL()
          .withStrictRange()
          .and()
          .instance();

  private static final Map<String, String> NICKNAMES =
      Map.of(
          "@hourly", "0 0 * * * *",
          "@daily", "0 0 0 * * *",
          "@midnight", "0 0 0 * * *",
          "@weekly", "0 0 0 * * 0",
          "@monthly", "0 0 0 1 * *",
          "@yearly", "0 0 0 1 1 *",
          "@annually", "0 0 0 1 1 *");

  private static final int FIELDS_WITHOUT_SECONDS = 5;
  private static final int FIELDS = 6;

  private final ExecutionTime times;
  private final boolean everyHour;
  private final ZoneRules rules;

  private CronTimes(Cron cron, ZoneId zone) {
    this.times = ExecutionTime.forCron(cron);
    this.everyHour = cron.retrieve(CronFieldName.HOUR).getExpression() instanceof Always;
    this.rules = zone.getRules();
  }

  /**
   * Reads an expression of five fields (minute, hour, day of month, month, day of week), of six
   * with the second before them, or one such as {@code @daily}. Where both days are restricted
   * either is enough.
   *
   * @throws IllegalArgumentException when it can't be read; the message is for who wrote it
   */
  public static CronTimes of(String cron, ZoneId zone) {
    String text = cron.trim();
    String known = NICKNAMES.get(text);
    return new CronTimes(parsed(known == null ? withSeconds(text) : known), zone);
  }

  private static String withSeconds(String text) {
    int fields = text.isEmpty() ? 0 : text.split("\\s+").length;
    if (fields != FIELDS_WITHOUT_SECONDS && fields != FIELDS) {
      throw new IllegalArgumentException(
          "has %d fields; write five (minute, hour, day of month, month, day of week), six with the second before them, or one of %s"
              .formatted(fields, NICKNAMES.keySet().stream().sorted().toList()));
    }
    // Some write ? for a day that is not restricted.
    return (fields == FIELDS ? text : "0 " + text).replace('?', '*');
  }

  private static Cron parsed(String text) {
    try {
      return new CronParser(DEFINITION).parse(text);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw new IllegalArgumentException(
          message.replaceFirst("^Failed to parse cron expression\\. ", ""), e);
    }
  }

  /** The first time after that one; empty: there is none. */
  public Optional<Instant> after(Instant time) {
    return everyHour ? byTimePassed(time) : byTheClock(time);
  }

  private Optional<Instant> byTimePassed(Instant time) {
    Instant from = time;
    LocalDateTime local = LocalDateTime.ofInstant(from, rules.getOffset(from));
    ZoneOffset offset = rules.getOffset(from);
    while (true) {
      Optional<LocalDateTime> next = next(local);
      if (next.isEmpty()) {
        return Optional.empty();
      }
      Instant at = next.get().toInstant(offset);
      ZoneOffsetTransition change = rules.nextTransition(from);
      if (change == null || at.isBefore(change.getInstant())) {
        return Optional.of(at);
      }
      // The clock shows something else from there on.
      from = change.getInstant();
      offset = change.getOffsetAfter();
      local = change.getDateTimeAfter().minusSeconds(1);
    }
  }

  private Optional<Instant> byTheClock(Instant time) {
    LocalDateTime local = LocalDateTime.ofInstant(time, rules.getOffset(time));
    while (true) {
      Optional<LocalDateTime> next = next(local);
      if (next.isEmpty()) {
        return Optional.empty();
      }
      local = next.get();
      Instant at = instant(local);
      if (at.isAfter(time)) {
        return Optional.of(at);
      }
      ZoneOffsetTransition change = rules.getTransition(local);
      if (change != null && change.isOverlap()) {
        // This hour comes a second time, and has been gone through the first time.
        local = change.getDateTimeBefore().minusSeconds(1);
      }
    }
  }

  private Instant instant(LocalDateTime wanted) {
    List<ZoneOffset> offsets = rules.getValidOffsets(wanted);
    return offsets.isEmpty()
        ? rules.getTransition(wanted).getInstant()
        : wanted.toInstant(offsets.getFirst());
  }

  /** In a zone without summer time, so that the library sees local times alone. */
  private Optional<LocalDateTime> next(LocalDateTime after) {
    return times
        .nextExecution(after.truncatedTo(ChronoUnit.SECONDS).atZone(ZoneOffset.UTC))
        .map(ZonedDateTime::toLocalDateTime);
  }
}
