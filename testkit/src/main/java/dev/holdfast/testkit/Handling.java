package dev.holdfast.testkit;

import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskFailedException;
import dev.holdfast.core.Command;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Calls a mock agent's function and makes a result of what comes of it, as the Java client does.
 */
final class Handling {
  private Handling() {}

  /** What the attempt is answered with; null: nothing, ever. */
  static @Nullable Command result(MockAgent agent, MockTask task) {
    return switch (agent.misstep(task.attempt())) {
      case null -> call(agent, task);
      case Misstep.Failure(var error, boolean retryable) -> failed(task, error, retryable);
      case Misstep.Silence() -> null;
    };
  }

  private static Command call(MockAgent agent, MockTask task) {
    try {
      return completed(task, agent.handler().handle(task));
    } catch (TaskFailedException e) {
      return new Command.FailTask(
          task.id(),
          task.attempt(),
          task.token().nonce(),
          e.error(),
          e.retryable(),
          e.retryAfter());
    } catch (Exception e) {
      String name = e.getClass().getSimpleName();
      String type = name.isEmpty() ? e.getClass().getName() : name;
      return failed(task, new TaskError(type, text(e)), true);
    }
  }

  private static Command completed(MockTask task, @Nullable Object output) throws IOException {
    try {
      return new Command.CompleteTask(
          task.id(), task.attempt(), task.token().nonce(), task.outgoing(output), task.spawned());
    } catch (IllegalArgumentException e) {
      return failed(task, new TaskError("bad-output", text(e)), false);
    }
  }

  /** The attempt failed. */
  static Command failed(MockTask task, TaskError error, boolean retryable) {
    return new Command.FailTask(
        task.id(), task.attempt(), task.token().nonce(), error, retryable, null);
  }

  private static String text(Exception e) {
    return e.getMessage() == null ? e.getClass().getName() : e.getMessage();
  }
}
