package dev.holdfast.core.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** In Berlin clocks go from 02:00 to 03:00 on 2026-03-29, and from 03:00 to 02:00 on 2026-10-25. */
class CronTimesTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static List<String> next(String cron, ZoneId zone, String after, int count) {
    CronTimes times = CronTimes.of(cron, zone);
    var found = new ArrayList<String>();
    Instant at = Instant.parse(after);
    for (int i = 0; i < count; i++) {
      at = times.after(at).orElseThrow();
      found.add(at.toString());
    }
    return found;
  }

  @Test
  void timesAreLocal() {
    assertThat(next("0 7 * * MON-FRI", BERLIN, "2026-11-20T00:00:00Z", 3))
        .containsExactly("2026-11-20T06:00:00Z", "2026-11-23T06:00:00Z", "2026-11-24T06:00:00Z");
    assertThat(next("0 7 * * *", BERLIN, "2026-03-28T00:00:00Z", 2))
        .containsExactly("2026-03-28T06:00:00Z", "2026-03-29T05:00:00Z");
    assertThat(next("*/20 * * * * *", BERLIN, "2026-11-22T06:00:00.5Z", 2))
        .containsExactly("2026-11-22T06:00:20Z", "2026-11-22T06:00:40Z");
  }

  @Test
  void localTimeThatDoesNotExistIsDueOnceAfterTheGap() {
    assertThat(next("30 2 * * *", BERLIN, "2026-03-28T12:00:00Z", 2))
        .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
    // Twelve of them, and 03:00 itself: it is the same moment.
    assertThat(next("*/5 2,3 * * *", BERLIN, "2026-03-29T00:59:00Z", 2))
        .containsExactly("2026-03-29T01:00:00Z", "2026-03-29T01:05:00Z");
  }

  @Test
  void localTimeThatExistsTwiceIsDueOnce() {
    assertThat(next("30 2 * * *", BERLIN, "2026-10-24T12:00:00Z", 2))
        .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    // Asked within the second of the two hours.
    assertThat(next("*/20 2 * * *", BERLIN, "2026-10-25T01:10:00Z", 1))
        .containsExactly("2026-10-26T01:00:00Z");
    assertThat(next("*/20 2,3 * * *", BERLIN, "2026-10-25T00:30:00Z", 3))
        .containsExactly("2026-10-25T00:40:00Z", "2026-10-25T02:00:00Z", "2026-10-25T02:20:00Z");
  }

  @Test
  void everyHourIsEveryHourThatPasses() {
    assertThat(next("30 * * * *", BERLIN, "2026-10-25T00:00:00Z", 3))
        .containsExactly("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z");
    assertThat(next("30 * * * *", BERLIN, "2026-03-29T00:00:00Z", 2))
        .containsExactly("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z");
    assertThat(next("*/30 * * * *", BERLIN, "2026-03-29T00:30:00Z", 2))
        .containsExactly("2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z");
    // By half an hour, on Lord Howe Island: clocks go from 02:00 to 01:30.
    assertThat(next("0 * * * *", ZoneId.of("Australia/Lord_Howe"), "2026-04-04T14:00:00Z", 2))
        .containsExactly("2026-04-04T15:30:00Z", "2026-04-04T16:30:00Z");
  }

  @Test
  void eitherOfTwoRestrictedDaysIsEnough() {
    assertThat(next("0 0 13 * FRI", ZoneOffset.UTC, "2026-01-08T12:00:00Z", 3))
        .containsExactly("2026-01-09T00:00:00Z", "2026-01-13T00:00:00Z", "2026-01-16T00:00:00Z");
    assertThat(next("0 0 L * ?", ZoneOffset.UTC, "2026-02-01T00:00:00Z", 1))
        .containsExactly("2026-02-28T00:00:00Z");
    assertThat(next("0 0 ? * 1#1", ZoneOffset.UTC, "2026-02-03T00:00:00Z", 1))
        .containsExactly("2026-03-02T00:00:00Z");
    assertThat(next("@weekly", ZoneOffset.UTC, "2026-02-03T00:00:00Z", 1))
        .containsExactly("2026-02-08T00:00:00Z");
  }

  @Test
  void whatCantBeReadIsSaid() {
    assertThatThrownBy(() -> CronTimes.of("61 * * * *", BERLIN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Value 61 not in range [0, 59]");
    assertThatThrownBy(() -> CronTimes.of("* * *", BERLIN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has 3 fields; write five");
    assertThatThrownBy(() -> CronTimes.of("", BERLIN)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CronTimes.of("@reboot", BERLIN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(CronTimes.of("0 0 30 2 *", BERLIN).after(Instant.EPOCH)).isEmpty();
  }

  /** The library against a search minute by minute. */
  @Test
  void nextIsTheFirstMinuteThatFits() {
    var random = new SplittableRandom(11);
    for (int round = 0; round < 40; round++) {
      int minute = random.nextInt(60);
      int step = 1 + random.nextInt(6);
      int day = random.nextInt(7);
      String cron = "%d */%d * * %d".formatted(minute, step, day);
      Instant after = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(random.nextInt(31_000_000));
      LocalDateTime at = LocalDateTime.ofInstant(after, ZoneOffset.UTC).withSecond(0);
      do {
        at = at.plusMinutes(1);
      } while (at.getMinute() != minute
          || at.getHour() % step != 0
          || at.getDayOfWeek().getValue() % 7 != day);
      assertThat(CronTimes.of(cron, ZoneOffset.UTC).after(after))
          .as("%s after %s", cron, after)
          .contains(at.toInstant(ZoneOffset.UTC));
    }
  }
}
