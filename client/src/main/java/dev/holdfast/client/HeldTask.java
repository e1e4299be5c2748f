package dev.holdfast.client;

import dev.holdfast.api.BlobRef;
import dev.holdfast.api.InputFields;
import dev.holdfast.api.JsonConversion;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.SpawnedTask;
import dev.holdfast.api.TaskContext;
import dev.holdfast.api.TaskToken;
import dev.holdfast.api.TraceContext;
import dev.holdfast.api.ValueFormat;
import dev.holdfast.client.wire.Push;
import dev.holdfast.client.wire.Reply;
import dev.holdfast.client.wire.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An attempt that an agent was given, from its arrival until its result is acknowledged. */
final class HeldTask implements TaskContext {
  private static final String ANY_CONTENT = "application/octet-stream";

  private final Object inputLock = new Object();
  private final Push.Task task;
  private final Cluster cluster;

  /** A fail-over is through by then, and its new owner knows what is live. */
  private static final long UNWANTED_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

  /** Two beats that are further apart than this are not about the same doubt. */
  private static final long DOUBT_NANOS_MAX = TimeUnit.SECONDS.toNanos(5);

  /** Of the ids of commands by which attempts pause their executions. */
  private static final String PAUSE_PREFIX = "pause-by-";

  /** Whose place it has. */
  final MemberSession home;

  private long unwantedSince;
  private long unwantedAt;

  private @Nullable Thread thread;
  private boolean handled;
  private volatile boolean cancelled;
  private final List<SpawnedTask> spawn = new ArrayList<>(0);
  private boolean heartbeatUnderWay;
  private @Nullable Object resolved;
  private boolean isResolved;
  private Request.@Nullable Heartbeat nextHeartbeat;

  HeldTask(Push.Task task, Cluster cluster, MemberSession home) {
    this.task = task;
    this.cluster = cluster;
    this.home = home;
  }

  /** The handler begins on the current thread; false: it should not, the attempt is no more. */
  synchronized boolean begin() {
    thread = Thread.currentThread();
    return !cancelled;
  }

  /** The handler is through; from here on a revocation changes nothing. */
  synchronized void end() {
    handled = true;
    thread = null;
  }

  /**
   * Its owner has said in a beat's answer that it knows of no such attempt: whether it has said so
   * for long enough, and without a break, to be believed. Guarded by the agent's lock.
   */
  boolean isUnwantedFor(long nowNanos) {
    if (unwantedSince == 0 || nowNanos - unwantedAt > DOUBT_NANOS_MAX) {
      unwantedSince = nowNanos;
    }
    unwantedAt = nowNanos;
    return nowNanos - unwantedSince >= UNWANTED_NANOS;
  }

  /** The attempt was taken back. */
  synchronized void cancel() {
    if (handled || cancelled) {
      return;
    }
    cancelled = true;
    if (thread != null) {
      thread.interrupt();
    }
  }

  @Override
  public String definition() {
    return task.definition();
  }

  @Override
  public TaskToken token() {
    return task.token();
  }

  /** Read once, at the first look. */
  @Override
  public @Nullable Object input() {
    synchronized (inputLock) {
      if (!isResolved) {
        resolved = cluster.largeData().resolved(task.input());
        isResolved = true;
      }
      return resolved;
    }
  }

  @Override
  public @Nullable Object inputAsSent() {
    return task.input();
  }

  @Override
  public InputStream inputStream(String... path) {
    Object value = InputFields.at(this, path);
    BlobRef reference = BlobRef.of(value);
    return reference == null
        ? new ByteArrayInputStream(ValueFormat.JSON.write(value))
        : cluster.largeData().open(reference);
  }

  @Override
  public BlobRef upload(InputStream content, String mediaType) {
    return cluster
        .largeData()
        .upload(content::transferTo, false, mediaType, cluster.commandTimeout());
  }

  @Override
  public BlobRef upload(Path file, String mediaType) {
    return cluster
        .largeData()
        .upload(out -> Files.copy(file, out), true, mediaType, cluster.commandTimeout());
  }

  /** The output as it travels, large parts of it uploaded. */
  @Nullable Object outgoing(@Nullable Object output) throws IOException {
    return switch (output) {
      case InputStream content -> {
        try (content) {
          yield upload(content, ANY_CONTENT).toValue();
        }
      }
      case Path file -> upload(file, ANY_CONTENT).toValue();
      case null, default -> {
        Duration left = Duration.between(Instant.now(), deadline());
        Duration bound =
            left.compareTo(cluster.commandTimeout()) > 0 ? left : cluster.commandTimeout();
        yield cluster.largeData().outgoing(JsonConversion.of(output), bound);
      }
    };
  }

  @Override
  public Instant readyAt() {
    return Instant.EPOCH.plus(task.readyAtMicros(), ChronoUnit.MICROS);
  }

  @Override
  public Instant deadline() {
    return Instant.ofEpochMilli(task.deadlineMillis());
  }

  @Override
  public void spawn(String id, String agent, @Nullable Object input, String... needs) {
    var added = new SpawnedTask(id, agent, JsonConversion.of(input), List.of(needs));
    synchronized (this) {
      spawn.add(added);
    }
  }

  /** The tasks that its result adds. */
  synchronized List<SpawnedTask> spawned() {
    return List.copyOf(spawn);
  }

  @Override
  public void pauseWorkflow(@Nullable String reason) {
    String command = PAUSE_PREFIX + task.token().text();
    var pause = new Request.Pause(execution(), command, PauseMode.GRACEFUL, reason);
    Stages.await(cluster.command(pause));
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public String traceContext() {
    return TraceContext.traceparent(cluster.tenant(), task.token());
  }

  @Override
  public void heartbeat() {
    heartbeat(new Request.Heartbeat(task.token(), null, null));
  }

  @Override
  public void heartbeat(double progress, @Nullable Object details) {
    if (!(progress >= 0 && progress <= 1)) {
      throw new IllegalArgumentException("progress must be 0 to 1, but is: " + progress);
    }
    heartbeat(new Request.Heartbeat(task.token(), progress, JsonConversion.of(details)));
  }

  private void heartbeat(Request.Heartbeat heartbeat) {
    synchronized (this) {
      if (heartbeatUnderWay) {
        nextHeartbeat = heartbeat;
        return;
      }
      heartbeatUnderWay = true;
    }
    send(heartbeat);
  }

  private void send(Request.Heartbeat heartbeat) {
    // No retry: if the connection is gone, a newer heartbeat is worth more than this one.
    cluster
        .send(heartbeat, Duration.ZERO)
        .whenComplete((reply, failure) -> {
          if (reply instanceof Reply.Body(Object revoked) && Boolean.TRUE.equals(revoked)) {
            cancel();
          }
          Request.Heartbeat next;
          synchronized (this) {
            next = nextHeartbeat;
            nextHeartbeat = null;
            heartbeatUnderWay = next != null;
          }
          if (next != null) {
            send(next);
          }
        });
  }
}
