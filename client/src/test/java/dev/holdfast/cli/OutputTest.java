package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.output.Table;
import dev.holdfast.cli.output.Times;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class OutputTest {
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");

  @Test
  void aTableAlignsItsColumnsAndShortensWhatIsLong() {
    Table table = new Table("ID", "STATUS").row("a", "FAILED").row("longer", "x".repeat(200));
    assertThat(table.lines(Ansi.OFF))
        .startsWith("ID      STATUS", "a       FAILED")
        .last()
        .asString()
        .hasSize(8 + 80)
        .endsWith("…");
  }

  @Test
  void timesAreRelativeForADayAndAbsoluteThen() {
    assertThat(relative(NOW.minusSeconds(12))).isEqualTo("12s ago");
    assertThat(relative(NOW.plusSeconds(200))).isEqualTo("in 3m");
    assertThat(relative(NOW.minus(Duration.ofHours(23)))).isEqualTo("23h ago");
    assertThat(relative(NOW.minus(Duration.ofHours(24)))).isEqualTo("2026-05-03 12:00:00");
    assertThat(Times.relative(null, NOW, ZoneOffset.UTC)).isEmpty();
  }

  @Test
  void durationsHaveTwoUnitsAtMost() {
    assertThat(Times.duration(Duration.ofMillis(7))).isEqualTo("7ms");
    assertThat(Times.duration(Duration.ofMillis(1_540))).isEqualTo("1.5s");
    assertThat(Times.duration(Duration.ofSeconds(125))).isEqualTo("2m05s");
    assertThat(Times.duration(Duration.ofMinutes(192))).isEqualTo("3h12m");
    assertThat(Times.duration(Duration.ofHours(98))).isEqualTo("4d02h");
  }

  private static String relative(Instant time) {
    return Times.relative(time, NOW, ZoneOffset.UTC);
  }
}
