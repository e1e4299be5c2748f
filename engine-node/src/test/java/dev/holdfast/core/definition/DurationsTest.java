package dev.holdfast.core.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "250ms, PT0.25S",
    "30s, PT30S",
    "10m, PT10M",
    "24h, PT24H",
    "7d, PT168H",
    "0s, PT0S",
    "PT10M, PT10M",
    "P1DT2H, PT26H",
    "PT0.5S, PT0.5S",
    "999999999999d, PT23999999999976H"
  })
  void isRead(String text, Duration expected) {
    assertThat(Durations.parse(text)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "s",
        "-5s",
        "5 s",
        "1.5h",
        "5S",
        "5w",
        "10000000000000s",
        "P",
        "PT",
        "P1Y",
        "1h30m",
        "PT99999999999999999999H"
      })
  void isNot(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }
}
