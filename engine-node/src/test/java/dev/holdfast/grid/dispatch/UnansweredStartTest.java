package dev.holdfast.grid.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.grid.AgentProfile;
import dev.holdfast.grid.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A start that nobody ever answers holds its task up for a moment, not for ever. */
class UnansweredStartTest {
  private static final ExecutionKey EXECUTION = new ExecutionKey("default", "e");

  private final List<Command> submitted = new ArrayList<>();
  private long nowNanos;
  private final AgentDispatcher dispatcher =
      new AgentDispatcher(
          (execution, command) -> {
            submitted.add(command);
            return new CompletableFuture<Outcome>();
          },
          new SplittableRandom(7),
          () -> nowNanos,
          () -> Instant.EPOCH);

  @Test
  void itsTaskIsStartedOnceMoreByAnotherCommand() {
    var agent = new AgentProfile("default", "w", List.of("step"), Map.of());
    dispatcher.begin(agent, 3, Duration.ofHours(1));
    var queue = new QueueKey("default", "step", Map.of());
    dispatcher.offer(new ReadyTask(EXECUTION, "a", queue, 5, 0));
    assertThat(submitted).hasSize(1);
    assertThat(dispatcher.hasOffer(EXECUTION, "a")).isTrue();

    nowNanos += Reservations.ANSWER_NANOS_MAX;
    dispatcher.sweep();
    assertThat(submitted).as("an answer may be on its way").hasSize(1);

    nowNanos++;
    dispatcher.sweep();
    assertThat(submitted).as("with another nonce").hasSize(2).doesNotHaveDuplicates();
    dispatcher.sweep();
    assertThat(submitted).hasSize(2);
  }
}
