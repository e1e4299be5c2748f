package dev.holdfast.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.gateway.TestNode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private static final Duration KEEP = Duration.ofDays(90);

  @Test
  void whatEndedLongerAgoIsRemovedAndTheRestStays() {
    try (var node = new TestNode()) {
      node.api.apply("kept", "name: kept\ntasks:\n  only: { agent: a }\n").is(201);
      String ended = node.api.start("kept");
      String live = node.api.start("kept");
      node.api.postEmpty("/v1/executions/" + ended + "/cancel").is(200);
      Instant now = Instant.now();

      try (var early =
          new Retention(node.engine.store(), KEEP, () -> now.plus(KEEP).minusSeconds(60))) {
        early.purge();
      }
      node.api.get("/v1/executions/" + ended).is(200);
      try (var due =
          new Retention(node.engine.store(), KEEP, () -> now.plus(KEEP).plusSeconds(60))) {
        due.purge();
      }
      await().until(() -> node.api.get("/v1/executions/" + ended).status() == 404);
      node.api.get("/v1/executions/" + live).is(200);
      assertThat(node.engine.isOpen()).isTrue();
    }
  }

  @Test
  void aNegativeRetentionIsRefused() {
    try (var node = new TestNode()) {
      assertThatThrownBy(
              () -> new Retention(node.engine.store(), Duration.ofDays(-1), Instant::now))
          .hasMessageContaining("retention");
    }
  }
}
