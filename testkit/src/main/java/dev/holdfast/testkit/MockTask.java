package dev.holdfast.testkit;

import dev.holdfast.api.BlobRef;
import dev.holdfast.api.InputFields;
import dev.holdfast.api.JsonConversion;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.SpawnedTask;
import dev.holdfast.api.TaskContext;
import dev.holdfast.api.TaskToken;
import dev.holdfast.api.TraceContext;
import dev.holdfast.api.ValueFormat;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.testkit.engine.BlobShelf;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An attempt as a mock agent's function sees it. */
final class MockTask implements TaskContext {
  private static final String ANY_CONTENT = "application/octet-stream";

  private final String tenant;
  private final String definition;
  private final TaskToken token;
  private final @Nullable Object input;
  private final BlobShelf blobs;
  private final Instant readyAt;
  private final Instant deadline;
  private final Runnable heartbeat;
  private final Consumer<Command> control;
  private final List<SpawnedTask> spawned = new ArrayList<>(0);
  private boolean cancelled;

  MockTask(
      ExecutionState state,
      String task,
      Attempt attempt,
      BlobShelf blobs,
      Runnable heartbeat,
      Consumer<Command> control) {
    this.tenant = state.key().tenant();
    this.definition = state.plan().name();
    this.token = new TaskToken(state.key().id(), task, attempt.number(), attempt.nonce());
    this.input = state.task(task).input();
    this.blobs = blobs;
    this.readyAt = Objects.requireNonNullElse(state.task(task).readyAt(), attempt.startedAt());
    this.deadline = attempt.deadline();
    this.heartbeat = heartbeat;
    this.control = control;
  }

  @Override
  public String definition() {
    return definition;
  }

  @Override
  public TaskToken token() {
    return token;
  }

  @Override
  public @Nullable Object input() {
    return blobs.resolved(input);
  }

  @Override
  public @Nullable Object inputAsSent() {
    return input;
  }

  @Override
  public InputStream inputStream(String... path) {
    Object value = InputFields.at(this, path);
    BlobRef reference = BlobRef.of(value);
    return reference == null
        ? new ByteArrayInputStream(ValueFormat.JSON.write(value))
        : blobs.open(reference);
  }

  @Override
  public BlobRef upload(InputStream content, String mediaType) {
    try {
      return blobs.keep(content.readAllBytes(), mediaType);
    } catch (IOException e) {
      throw new UncheckedIOException("the content can't be read", e);
    }
  }

  @Override
  public BlobRef upload(Path file, String mediaType) {
    try {
      return blobs.keep(Files.readAllBytes(file), mediaType);
    } catch (IOException e) {
      throw new UncheckedIOException("the content can't be read", e);
    }
  }

  /** The output as it travels, large parts of it by reference. */
  @Nullable Object outgoing(@Nullable Object output) throws IOException {
    return switch (output) {
      case InputStream content -> {
        try (content) {
          yield upload(content, ANY_CONTENT).toValue();
        }
      }
      case Path file -> upload(file, ANY_CONTENT).toValue();
      case null, default -> blobs.inlined(JsonConversion.of(output));
    };
  }

  @Override
  public Instant readyAt() {
    return readyAt;
  }

  @Override
  public Instant deadline() {
    return deadline;
  }

  @Override
  public void heartbeat() {
    heartbeat.run();
  }

  @Override
  public void heartbeat(double progress, @Nullable Object details) {
    if (!(progress >= 0 && progress <= 1)) {
      throw new IllegalArgumentException("progress must be 0 to 1, but is: " + progress);
    }
    JsonConversion.of(details);
    heartbeat.run();
  }

  @Override
  public void spawn(String id, String agent, @Nullable Object value, String... needs) {
    spawned.add(new SpawnedTask(id, agent, JsonConversion.of(value), List.of(needs)));
  }

  /** The tasks that its result adds. */
  List<SpawnedTask> spawned() {
    return List.copyOf(spawned);
  }

  @Override
  public void pauseWorkflow(@Nullable String reason) {
    String id = "pause-by-" + token.text();
    control.accept(new Command.PauseExecution(id, PauseMode.GRACEFUL, "agent", reason));
  }

  void cancel() {
    cancelled = true;
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public String traceContext() {
    return TraceContext.traceparent(tenant, token);
  }
}
