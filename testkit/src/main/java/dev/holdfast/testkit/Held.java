package dev.holdfast.testkit;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.testkit.engine.Agenda;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An attempt that a mock agent has. */
final class Held {
  private final ExecutionKey key;
  private final MockAgent agent;
  private final MockTask task;
  private final @Nullable Duration silenceMax;
  private final List<Agenda.Planned> planned = new ArrayList<>(3);
  private Instant heardAt;
  private @Nullable Instant answersAt;

  /**
   * @param silenceMax the task's {@code heartbeat}; null: it asks for none
   */
  Held(
      ExecutionKey key,
      MockAgent agent,
      MockTask task,
      @Nullable Duration silenceMax,
      Instant heardAt) {
    this.key = key;
    this.agent = agent;
    this.task = task;
    this.silenceMax = silenceMax;
    this.heardAt = heardAt;
  }

  ExecutionKey key() {
    return key;
  }

  MockAgent agent() {
    return agent;
  }

  MockTask task() {
    return task;
  }

  /** Happens only as long as the agent has it. */
  void planned(Agenda.Planned what) {
    planned.add(what);
  }

  /** Its agent has it no longer. */
  void end() {
    planned.forEach(Agenda.Planned::callOff);
    task.cancel();
  }

  void heard(Instant at) {
    heardAt = at;
  }

  /** Until when it may be silent; null: as long as it likes. */
  @Nullable Instant silentUntil() {
    return silenceMax == null ? null : heardAt.plus(silenceMax);
  }

  void answersAt(Instant at) {
    answersAt = at;
  }

  /** When its result comes; null: never, or its agent has not looked at it yet. */
  @Nullable Instant answersAt() {
    return answersAt;
  }
}
