package dev.holdfast.gateway.route;

import dev.holdfast.core.Limits;
import dev.holdfast.gateway.call.Call;
import dev.holdfast.gateway.json.Fields;
import dev.holdfast.gateway.json.Json;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import dev.holdfast.grid.AgentProfile;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.Engine;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;

/**
 * Handing tasks to agents that ask over HTTP.
 *
 * <p>HTTP/1.1 does not tell a server that a caller who waits has gone. So from the second second on
 * a poll that still waits sends a space now and then, which JSON allows before a document: a caller
 * that is gone is noticed by that, and its poll takes no task. What was handed over to a caller
 * whose answer can't be written is given back at once; what is lost on the way to a caller that
 * vanished in between is covered by the task's heartbeat and time-out.
 */
public final class PollRoute {
  private static final Logger LOG = LoggerFactory.getLogger(PollRoute.class);
  private static final Duration SIGN_OF_LIFE_EVERY = Duration.ofSeconds(1);
  private static final int CAPABILITIES_MAX = 64;

  private final Engine engine;
  private final CompletableFuture<Void> closing;

  /**
   * @param closing completes when the gateway closes: polls that wait are answered then
   */
  public PollRoute(Engine engine, CompletableFuture<Void> closing) {
    this.engine = engine;
    this.closing = closing;
  }

  /** Adds the call to the router. */
  public void addTo(RoutesConfig routes) {
    routes.post("/v1/tasks/poll", this::poll);
  }

  private void poll(Context http) {
    var call = new Call(http);
    Fields fields = Fields.of(call.json(), Set.of("worker", "agents", "labels", "max", "wait"));
    var profile =
        new AgentProfile(
            call.tenant(),
            fields.required("worker"),
            fields.names("agents", CAPABILITIES_MAX),
            fields.labels("labels"));
    int max = fields.integer("max", 1, Limits.PAGE_MAX, 1);
    Duration wait = fields.duration("wait");
    fields.check();
    if (!engine.isOpen()) {
      throw new ProblemException(ProblemKind.UNAVAILABLE, "the node hands out no tasks now");
    }
    CompletableFuture<List<Assignment>> tasks =
        engine
            .dispatcher()
            .poll(profile, max, wait == null ? Duration.ZERO : ExecutionRoutes.shorter(wait));
    HttpServletResponse response = http.res();
    response.setContentType("application/json");
    try {
      answer(response, await(response, tasks));
    } catch (IOException e) {
      LOG.debug("A poll of {} can't be answered: {}", profile.worker(), e.toString());
      tasks.cancel(false);
    }
  }

  /** The tasks; none when the gateway closes meanwhile. */
  private List<Assignment> await(
      HttpServletResponse response, CompletableFuture<List<Assignment>> tasks) throws IOException {
    var first = CompletableFuture.anyOf(tasks, closing);
    while (true) {
      try {
        first.get(SIGN_OF_LIFE_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return takenOrCancelled(tasks);
      } catch (TimeoutException e) {
        response.getOutputStream().write(' ');
        response.flushBuffer();
      } catch (ExecutionException e) {
        throw new IllegalStateException("a poll failed", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return takenOrCancelled(tasks);
      }
    }
  }

  private static List<Assignment> takenOrCancelled(CompletableFuture<List<Assignment>> tasks) {
    return tasks.cancel(false) || tasks.isCompletedExceptionally() ? List.of() : tasks.join();
  }

  private void answer(HttpServletResponse response, List<Assignment> tasks) {
    byte[] json = Json.write(out -> write(out, tasks));
    try {
      if (!response.isCommitted()) {
        response.setContentLength(json.length);
      }
      response.getOutputStream().write(json);
      response.flushBuffer();
    } catch (IOException e) {
      LOG.debug("{} tasks could not be handed over: {}", tasks.size(), e.toString());
      tasks.forEach(engine.dispatcher()::giveBack);
    }
  }

  private static void write(JsonGenerator out, List<Assignment> tasks) {
    out.writeStartObject();
    out.writeArrayPropertyStart("tasks");
    tasks.forEach(task -> write(out, task));
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, Assignment task) {
    out.writeStartObject();
    out.writeStringProperty("token", task.token().text());
    out.writeStringProperty("execution", task.execution());
    out.writeStringProperty("task", task.task());
    out.writeStringProperty("definition", task.definition());
    out.writeNumberProperty("version", task.version());
    out.writeNumberProperty("attempt", task.attempt());
    Json.property(out, "input", task.input());
    Json.text(out, "readyAt", task.readyAt());
    Json.text(out, "deadline", task.deadline());
    heartbeat(out, task.heartbeatMillis() == 0 ? null : task.heartbeatMillis());
    out.writeEndObject();
  }

  private static void heartbeat(JsonGenerator out, @Nullable Long millis) {
    if (millis != null) {
      out.writeNumberProperty("heartbeatMs", millis);
    }
  }
}
