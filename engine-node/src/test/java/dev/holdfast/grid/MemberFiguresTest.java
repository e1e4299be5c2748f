package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemberFiguresTest {
  @Test
  void comeToOthersAsTheyWere() {
    var figures = new MemberFigures(1, 2, 3_000_000_000L, 4, 5, 6_000_000_000L, 7_000_000_000L, 8);
    assertThat(MemberFigures.decode(figures.encode())).isEqualTo(figures);
  }
}
