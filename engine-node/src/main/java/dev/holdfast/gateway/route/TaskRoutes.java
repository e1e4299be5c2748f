package dev.holdfast.gateway.route;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.JsonValues;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.SpawnedTask;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskToken;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Limits;
import dev.holdfast.gateway.call.Call;
import dev.holdfast.gateway.call.Commands;
import dev.holdfast.gateway.json.Fields;
import dev.holdfast.gateway.json.Json;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import dev.holdfast.grid.Dispatcher;
import dev.holdfast.grid.Engine;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What agents say of their tasks: results, failures, heartbeats. */
public final class TaskRoutes {
  private static final String COMMAND_PREFIX = "pause-by-";
  private static final int MESSAGE_CHARS_MAX = 8192;

  private final Engine engine;

  public TaskRoutes(Engine engine) {
    this.engine = engine;
  }

  /** Adds the calls to the router. */
  public void addTo(RoutesConfig routes) {
    routes.post("/v1/tasks/{token}/complete", this::complete);
    routes.post("/v1/tasks/{token}/fail", this::fail);
    routes.post("/v1/tasks/{token}/heartbeat", this::heartbeat);
  }

  private void complete(Context http) {
    var call = new Call(http);
    TaskToken token = token(http);
    Map<String, @Nullable Object> body = call.largeJson(engine.blobs(), "output", true);
    Fields fields = Fields.of(body, Set.of("output", "spawn", "pause"));
    Object output = fields.value("output");
    Fields pause = fields.inner("pause", Set.of("reason"));
    String reason = pause == null ? null : pause.text("reason");
    List<SpawnedTask> spawn = SpawnFields.read(fields);
    fields.check();
    ExecutionKey key = call.execution(token.execution());
    output = engine.blobs().inlined(key.tenant(), output, JsonValues.sizeBytes(output));
    if (pause != null) {
      pause(key, token, reason);
    }
    Commands.run(
        engine,
        key,
        new Command.CompleteTask(token.task(), token.attempt(), token.nonce(), output, spawn));
    http.status(204);
  }

  /**
   * The pause goes before the result, so that nothing that follows from the result is handed out. A
   * token that is stale pauses nothing; its refusal is the result's.
   */
  private void pause(ExecutionKey key, TaskToken token, @Nullable String reason) {
    ExecutionState state = Call.found(engine, key);
    if (!state.plan().has(token.task())) {
      return;
    }
    Attempt running = state.task(token.task()).runningAttempt();
    if (running == null || running.nonce() != token.nonce() || state.status().isEnded()) {
      return;
    }
    Commands.run(
        engine,
        key,
        new Command.PauseExecution(
            COMMAND_PREFIX + token.text(), PauseMode.GRACEFUL, running.worker(), reason));
  }

  private void fail(Context http) {
    var call = new Call(http);
    TaskToken token = token(http);
    Fields fields = Fields.of(call.json(), Set.of("error", "retryable", "retryAfter"));
    TaskError error = error(fields);
    boolean retryable = fields.flag("retryable", true);
    Duration retryAfter = fields.duration("retryAfter");
    fields.check();
    checkSize("an error's details", error.details());
    Commands.run(
        engine,
        call.execution(token.execution()),
        new Command.FailTask(
            token.task(), token.attempt(), token.nonce(), error, retryable, retryAfter));
    http.status(204);
  }

  private static TaskError error(Fields fields) {
    Fields error = fields.inner("error", Set.of("type", "message", "details"));
    if (error == null) {
      fields.fault("error", "is required: an object with type and message");
      return new TaskError("", "");
    }
    String message = error.text("message", MESSAGE_CHARS_MAX);
    return new TaskError(
        error.required("type"), message == null ? "" : message, error.value("details"));
  }

  private void heartbeat(Context http) {
    var call = new Call(http);
    TaskToken token = token(http);
    Fields fields = Fields.of(call.optionalJson(), Set.of("progress", "details"));
    Double progress = fields.number("progress");
    Object details = fields.value("details");
    fields.check();
    checkSize("a heartbeat's details", details);
    ExecutionKey key = call.execution(token.execution());
    Dispatcher.LeaseStatus lease =
        Commands.await(engine.dispatcher().heartbeat(key.tenant(), token, progress, details));
    boolean cancelled = lease == Dispatcher.LeaseStatus.REVOKED;
    call.answer(
        200,
        Json.write(out -> {
          out.writeStartObject();
          out.writeBooleanProperty("cancelled", cancelled);
          out.writeEndObject();
        }));
  }

  private static TaskToken token(Context http) {
    try {
      return TaskToken.parse(http.pathParam("token"));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(ProblemKind.INVALID_TOKEN, String.valueOf(e.getMessage()));
    }
  }

  private static void checkSize(String what, @Nullable Object value) {
    if (JsonValues.sizeBytes(value) > Limits.PAYLOAD_BYTES_MAX) {
      throw new ProblemException(
          ProblemKind.BODY_TOO_LARGE,
          what + " may have " + Limits.PAYLOAD_BYTES_MAX + " bytes at most");
    }
  }
}
