package dev.holdfast.grid.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.StartOptions;
import dev.holdfast.api.UnavailableException;
import dev.holdfast.client.ExecutionHandle;
import dev.holdfast.client.HoldfastClient;
import dev.holdfast.grid.DispatchSettings;
import dev.holdfast.grid.TestMember;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an application sees of a bound on queues: patience first, then a refusal. */
class OverloadedClientTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int QUEUE_MAX = 2;

  private ClientMember member;

  @BeforeEach
  void fill() {
    member =
        new ClientMember(
            new MemoryStateStore(), new DispatchSettings(Map.of(), Map.of(), QUEUE_MAX));
    try (HoldfastClient client = member.connect()) {
      client.register("name: full\ntasks: { only: { agent: full } }\n");
      for (int i = 0; i < QUEUE_MAX; i++) {
        client.start("full", null, StartOptions.DEFAULTS.id("e" + i));
      }
    }
  }

  @AfterEach
  void stop() {
    member.close();
  }

  private long refusals() {
    var refused = member.engine().stats().rejected().get("overloaded");
    return refused == null ? 0 : refused.sum();
  }

  @Test
  void aStartThatFindsNoRoomIsTriedAgainForTheCommandTimeoutAndThenRefused() {
    try (HoldfastClient hasty = member.connect("default", Duration.ofSeconds(2))) {
      long begun = System.nanoTime();
      assertThatExceptionOfType(UnavailableException.class)
          .isThrownBy(() -> hasty.start("full", null, StartOptions.DEFAULTS.id("more")))
          .satisfies(e -> assertThat(e.code()).isEqualTo("overloaded"))
          .withMessageContaining("full")
          .withMessageContaining("dispatch.queueMax");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(2));
      // Pauses grow: a cluster that has too much to do is not asked all the time.
      assertThat(refusals()).isBetween(3L, 20L);
      assertThat(hasty.start("full", null, StartOptions.DEFAULTS.id("e0")).id())
          .as("one that was taken before is answered")
          .isEqualTo("e0");
    }
    assertThat(member.engine().find(TestMember.key("more"))).isEmpty();
  }

  @Test
  void aStartGoesThroughAsSoonAsThereIsRoom() {
    try (HoldfastClient client = member.connect()) {
      var start =
          CompletableFuture.supplyAsync(
              () -> client.start("full", null, StartOptions.DEFAULTS.id("more")));
      await().atMost(SOON).until(() -> refusals() > 0);
      assertThat(start).isNotDone();
      try (var _ = client.agent("full", task -> task.execution()).start()) {
        assertThat(start).succeedsWithin(SOON);
        ExecutionHandle more = start.join();
        assertThat(more.awaitResult(SOON).output()).isEqualTo(Map.of("only", "more"));
      }
    }
  }
}
