package dev.holdfast.grid.eta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DecayingTimesTest {
  private final DecayingTimes times = new DecayingTimes();

  @Test
  void whatIsOldIsForgotten() {
    for (int i = 0; i < DecayingTimes.ROTATE_AFTER; i++) {
      times.took(10_000, 0);
    }
    assertThat(known(times).quantile(0.5)).isEqualTo(10_000);
    for (int i = 0; i < 2 * DecayingTimes.ROTATE_AFTER; i++) {
      times.took(100, 0);
    }
    assertThat(known(times).quantile(0.99)).isEqualTo(100);
    assertThat(known(times).samples()).isEqualTo(DecayingTimes.ROTATE_AFTER);
  }

  @Test
  void whatMembersLearnedIsPutTogether() {
    var other = new DecayingTimes();
    for (int i = 1; i <= 100; i++) {
      times.took(i, 0);
      other.took(100 + i, 0);
    }
    assertThat(known(times, other).samples()).isEqualTo(200);
    assertThat(known(times, other).quantile(0.5)).isCloseTo(100, within(3.0));
    assertThat(known(times, other).quantile(0.9)).isCloseTo(180, within(3.0));
    assertThat(known(times, other).shareWithin(50)).isCloseTo(0.25, within(0.02));
  }

  @Test
  void oneSampleIsAllThatIsKnownAtFirst() {
    times.took(700, 0);
    assertThat(known(times).samples()).isEqualTo(1);
    assertThat(known(times).quantile(0.9)).isEqualTo(700);
    assertThat(known(times).left(0.5, 300)).isEqualTo(400);
  }

  @Test
  void aTaskIsMostlySkippedWhenItWasMoreOftenThanNot() {
    times.took(5, 0);
    times.skipped(0);
    assertThat(merged(times).isMostlySkipped("a")).isFalse();
    times.skipped(0);
    assertThat(merged(times).isMostlySkipped("a")).isTrue();
    assertThat(merged(times).isMostlySkipped("unknown")).isFalse();
  }

  private static TaskTimes.Times known(DecayingTimes... members) {
    return Objects.requireNonNull(merged(members).of("a"));
  }

  private static TaskTimes merged(DecayingTimes... members) {
    var all = new MergedTimes();
    for (DecayingTimes member : members) {
      all.add(Map.of("a", member.learned()));
    }
    return all.filled();
  }
}
