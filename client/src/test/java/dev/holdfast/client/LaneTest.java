package dev.holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.client.wire.Request;
import dev.holdfast.client.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LaneTest {
  private final List<List<Pending>> sent = new ArrayList<>();
  private boolean windowsToSend;
  private final Lane lane =
      new Lane(
          new UUID(0, 1),
          (from, batch) -> {
            if (batch.isEmpty() && !windowsToSend) {
              return false;
            }
            sent.add(batch);
            return true;
          });

  @Test
  void aRequestThatComesAloneGoesAtOnce() {
    add(1);
    assertThat(sizes()).containsExactly(1);
  }

  @Test
  void whatComesWhileBatchesAreUnderWayGathersIntoTheNext() {
    add(Lane.IN_FLIGHT_MAX + 7);
    assertThat(sizes()).hasSize(Lane.IN_FLIGHT_MAX).containsOnly(1);
    lane.landed();
    assertThat(sizes().getLast()).isEqualTo(7);
    assertThat(sent).hasSize(Lane.IN_FLIGHT_MAX + 1);
  }

  @Test
  void aBatchIsBounded() {
    add(Lane.IN_FLIGHT_MAX + Wire.BATCH_REQUESTS_MAX + 1);
    lane.landed();
    assertThat(sizes().getLast()).isEqualTo(Wire.BATCH_REQUESTS_MAX);
    lane.landed();
    assertThat(sizes().getLast()).isEqualTo(1);
  }

  @Test
  void aBatchOfLargePayloadsIsBoundedInBytes() {
    add(Lane.IN_FLIGHT_MAX);
    for (int i = 0; i < 10; i++) {
      lane.add(pending("x".repeat(400_000)));
    }
    lane.landed();
    assertThat(sizes().getLast()).isEqualTo(3);
  }

  @Test
  void changedWindowsGoAloneWhenNothingElseDoes() {
    windowsToSend = true;
    lane.windowsChanged();
    assertThat(sizes()).containsExactly(0);
  }

  @Test
  void windowsThatWentAlongWithARequestLeaveThePlaceFree() {
    lane.windowsChanged();
    assertThat(sent).isEmpty();
    add(Lane.IN_FLIGHT_MAX);
    assertThat(sent).hasSize(Lane.IN_FLIGHT_MAX);
  }

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      lane.add(pending("x"));
    }
  }

  private static Pending pending(String input) {
    return new Pending(
        new Request.Start("id", "name", null, input, Map.of(), null, null, null, false, false),
        Long.MAX_VALUE);
  }

  private List<Integer> sizes() {
    return sent.stream().map(List::size).toList();
  }
}
