package dev.holdfast.grid.reach.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.TaskToken;
import dev.holdfast.grid.Assignment;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HandoversTest {
  private final UUID staying = new UUID(0, 1);
  private final UUID lost = new UUID(0, 2);
  private final Handovers handovers = new Handovers();

  private static Assignment task(long nonce) {
    return new Assignment(
        new TaskToken("e", "t", 1, nonce),
        "default",
        "e",
        "t",
        "d",
        1,
        1,
        "w",
        null,
        Instant.EPOCH,
        Instant.MAX,
        0);
  }

  @Test
  void whatWentOutThroughALostMemberComesBackOnce() {
    handovers.add(staying, List.of(task(1)));
    handovers.add(lost, List.of(task(2), task(3)));
    assertThat(handovers.lostWithout(List.of(staying))).containsExactly(task(2), task(3));
    assertThat(handovers.lostWithout(List.of(staying))).isEmpty();
  }

  @Test
  void whoLeavesHavingPassedOnEverythingLosesNothing() {
    handovers.add(lost, List.of(task(2)));
    handovers.passedOn(lost);
    assertThat(handovers.lostWithout(List.of(staying))).isEmpty();
  }
}
