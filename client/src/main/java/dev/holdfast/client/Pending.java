package dev.holdfast.client;

import dev.holdfast.api.JsonValues;
import dev.holdfast.client.wire.Reply;
import dev.holdfast.client.wire.Request;
import java.util.concurrent.CompletableFuture;

/** A request on its way, until it is answered or its time is up. */
final class Pending {
  private static final long BYTES_BASE = 128;

  private volatile Request request;
  private final long deadlineNanos;
  private final long bytes;
  private final CompletableFuture<Reply> reply = new CompletableFuture<>();
  private int failedTries;

  /**
   * @param deadlineNanos by {@code System.nanoTime()}: no further try after that
   */
  Pending(Request request, long deadlineNanos) {
    this.request = request;
    this.deadlineNanos = deadlineNanos;
    this.bytes = BYTES_BASE + payloadBytes(request);
  }

  Request request() {
    return request;
  }

  CompletableFuture<Reply> reply() {
    return reply;
  }

  /** About how many bytes it takes on the wire. */
  long bytes() {
    return bytes;
  }

  /**
   * Counts a try that did not work.
   *
   * @return how many there were
   */
  int tryFailed() {
    if (request instanceof Request.Start start) {
      request = start.again();
    }
    failedTries++;
    return failedTries;
  }

  boolean isLate(long nowNanos) {
    return nowNanos - deadlineNanos >= 0;
  }

  private static long payloadBytes(Request request) {
    return switch (request) {
      case Request.Start start -> JsonValues.sizeBytes(start.input());
      case Request.Complete complete -> JsonValues.sizeBytes(complete.output());
      case Request.Fail fail -> JsonValues.sizeBytes(fail.error().details());
      case Request.Heartbeat heartbeat -> JsonValues.sizeBytes(heartbeat.details());
      case Request.Signal signal -> JsonValues.sizeBytes(signal.payload());
      case Request.Decide decide -> JsonValues.sizeBytes(decide.output());
      case Request.Watch _,
          Request.Pause _,
          Request.Resume _,
          Request.Cancel _,
          Request.Retry _,
          Request.GetExecution _,
          Request.Repair _,
          Request.GetHistory _,
          Request.Register _,
          Request.Validate _,
          Request.GetDefinition _,
          Request.ListDefinitions _,
          Request.ListExecutions _,
          Request.ListAgents _,
          Request.ListApprovals _,
          Request.OfSchedules _,
          Request.OpenSession _,
          Request.CloseSession _,
          Request.DrainSession _,
          Request.Recall _,
          Request.Beat _ ->
          0;
    };
  }
}
