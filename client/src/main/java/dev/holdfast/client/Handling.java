package dev.holdfast.client;

import dev.holdfast.api.InvalidRequestException;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskFailedException;
import dev.holdfast.api.TaskHandler;
import dev.holdfast.client.wire.Reply;
import dev.holdfast.client.wire.Request;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls a handler and turns what comes of it into a result. */
final class Handling {
  private static final Logger LOG = LoggerFactory.getLogger(Handling.class);

  /** The rest of a longer message is of no use to anybody. */
  private static final int MESSAGE_CHARS_MAX = 4_000;

  /** Of results that were refused for what is in them. */
  private static final Set<String> UNUSABLE =
      Set.of("limit-exceeded", "invalid-spawn", "unknown-reference", "body-too-large");

  private Handling() {}

  /** The result to report; null when the attempt was taken back and nobody wants one. */
  static Request.@Nullable Frequent result(HeldTask task, TaskHandler handler) {
    try {
      if (!task.begin()) {
        return null;
      }
      Object output = handler.handle(task);
      task.end();
      if (task.isCancelled()) {
        // Nobody wants it, but what it holds open is closed.
        close(output);
        return null;
      }
      return completed(task, output);
    } catch (TaskFailedException e) {
      return task.isCancelled() ? null : failed(task, e);
    } catch (Throwable e) {
      // Errors too: whatever kills a handler, its task must not be left hanging until it times out.
      if (task.isCancelled()) {
        return null;
      }
      LOG.warn("task {} of {} failed", task.id(), task.execution(), e);
      return failed(task, e);
    } finally {
      task.end();
    }
  }

  private static void close(@Nullable Object output) throws IOException {
    if (output instanceof InputStream stream) {
      stream.close();
    }
  }

  private static Request.Frequent completed(HeldTask task, @Nullable Object output)
      throws IOException {
    try {
      return new Request.Complete(task.token(), task.outgoing(output), task.spawned());
    } catch (InvalidRequestException e) {
      // More than a blob may have: trying again would give the same.
      return new Request.Fail(task.token(), new TaskError(e.code(), text(e)), false, null);
    } catch (IllegalArgumentException e) {
      var error = new TaskError("bad-output", text(e));
      return new Request.Fail(task.token(), error, false, null);
    }
  }

  /** Whether the attempt is still this agent's after a refusal of its result. */
  static boolean goesOn(Reply.Refused refused) {
    return UNUSABLE.contains(refused.code());
  }

  /** Says that the engine could not use the result. */
  static Request.Frequent failed(HeldTask task, Reply.Refused refused) {
    return new Request.Fail(
        task.token(), new TaskError(refused.code(), refused.message()), true, null);
  }

  private static Request.Frequent failed(HeldTask task, TaskFailedException e) {
    Duration after = e.retryAfter();
    return new Request.Fail(
        task.token(), e.error(), e.retryable(), after == null ? null : after.toMillis());
  }

  private static Request.Frequent failed(HeldTask task, Throwable e) {
    String name = e.getClass().getSimpleName();
    var error = new TaskError(name.isEmpty() ? e.getClass().getName() : name, text(e));
    return new Request.Fail(task.token(), error, true, null);
  }

  private static String text(Throwable e) {
    String message = e.getMessage() == null ? e.getClass().getName() : e.getMessage();
    return message.length() <= MESSAGE_CHARS_MAX
        ? message
        : message.substring(0, MESSAGE_CHARS_MAX);
  }
}
