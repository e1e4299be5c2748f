package dev.holdfast.gateway.problem;

import dev.holdfast.api.ResumeReason;
import dev.holdfast.gateway.json.Json;
import dev.holdfast.grid.InvalidDefinitionException;
import dev.holdfast.grid.MovedException;
import dev.holdfast.grid.UnsettledException;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.blob.NoSuchBlobException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.router.EndpointNotFound;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;

/** Turns what handlers throw into {@code application/problem+json} (RFC 9457). */
public final class ProblemAnswers {
  /** The media type of every refusal. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final Logger LOG = LoggerFactory.getLogger(ProblemAnswers.class);
  private static final String TYPE_PREFIX = "urn:holdfast:problem:";
  private static final String RETRY_AFTER_SECONDS = "1";

  private ProblemAnswers() {}

  /**
   * Adds the mappings to the router.
   *
   * @param open whether the node takes work; what fails while it does not is no fault of its own
   */
  public static void addTo(RoutesConfig routes, BooleanSupplier open) {
    routes.exception(ProblemException.class, (e, http) -> answer(http, e.problem()));
    routes.exception(
        InvalidDefinitionException.class, (e, http) -> answer(http, invalidDefinition(e)));
    routes.exception(StoreException.class, ProblemAnswers::storeFailed);
    routes.exception(
        RejectedExecutionException.class,
        (e, http) ->
            answer(http, new Problem(ProblemKind.OVERLOADED, "the node's queues are full")));
    routes.exception(
        NoSuchBlobException.class,
        (e, http) ->
            answer(http, new Problem(ProblemKind.BLOB_NOT_FOUND, String.valueOf(e.getMessage()))));
    // The execution is between two members, or not back in memory yet.
    routes.exception(MovedException.class, ProblemAnswers::onTheMove);
    routes.exception(UnsettledException.class, ProblemAnswers::onTheMove);
    routes.exception(HttpResponseException.class, ProblemAnswers::refusedByRouter);
    routes.exception(
        Exception.class,
        (e, http) -> {
          if (open.getAsBoolean()) {
            failed(e, http);
          } else {
            LOG.debug("{} {} came while the node is closing", http.method(), http.path(), e);
            answer(http, new Problem(ProblemKind.UNAVAILABLE, "the node is starting or closing"));
          }
        });
  }

  private static Problem invalidDefinition(InvalidDefinitionException e) {
    return new Problem(
        ProblemKind.INVALID_DEFINITION,
        String.valueOf(e.getMessage()),
        e.errors().stream()
            .map(error ->
                new Problem.Fault(error.path(), error.line(), error.column(), error.message()))
            .toList());
  }

  private static void onTheMove(Exception e, Context http) {
    answer(http, new Problem(ProblemKind.UNAVAILABLE, String.valueOf(e.getMessage())));
  }

  private static void storeFailed(StoreException e, Context http) {
    LOG.error("{} {} failed in the store", http.method(), http.path(), e);
    answer(http, new Problem(ProblemKind.STORE_UNAVAILABLE, String.valueOf(e.getMessage())));
  }

  private static void refusedByRouter(HttpResponseException e, Context http) {
    switch (e) {
      case EndpointNotFound ignored ->
          answer(
              http,
              new Problem(ProblemKind.NOT_FOUND, "no call " + http.method() + ' ' + http.path()));
      case MethodNotAllowedResponse refused -> {
        String allowed =
            refused.getDetails().values().stream().findFirst().map(Object::toString).orElse("");
        http.header("Allow", allowed);
        answer(
            http,
            new Problem(
                ProblemKind.METHOD_NOT_ALLOWED,
                http.path() + " takes " + allowed + ", not " + http.method()));
      }
      default -> failed(e, http);
    }
  }

  private static void failed(Exception e, Context http) {
    LOG.error("{} {} failed", http.method(), http.path(), e);
    answer(
        http,
        new Problem(
            ProblemKind.INTERNAL, "the node's log has the cause: " + e.getClass().getSimpleName()));
  }

  private static void answer(Context http, Problem problem) {
    if (http.res().isCommitted()) {
      LOG.debug("{} {} was answered already: {}", http.method(), http.path(), problem.detail());
      return;
    }
    ProblemKind kind = problem.kind();
    if (kind.isRetryable()) {
      http.header("Retry-After", RETRY_AFTER_SECONDS);
    }
    http.status(kind.status()).contentType(MEDIA_TYPE).result(json(problem, http.path()));
  }

  /** The problem's document. {@code path}: of the call that it answers. */
  public static byte[] json(Problem problem, String path) {
    return Json.write(out -> {
      out.writeStartObject();
      out.writeStringProperty("type", TYPE_PREFIX + problem.kind().code());
      out.writeStringProperty("title", problem.kind().title());
      out.writeNumberProperty("status", problem.kind().status());
      out.writeStringProperty("detail", problem.detail());
      out.writeStringProperty("code", problem.kind().code());
      out.writeStringProperty("instance", path);
      if (!problem.errors().isEmpty()) {
        out.writeArrayPropertyStart("errors");
        problem.errors().forEach(fault -> fault(out, fault));
        out.writeEndArray();
      }
      if (!problem.reasons().isEmpty()) {
        out.writeArrayPropertyStart("reasons");
        problem.reasons().forEach(reason -> reason(out, reason));
        out.writeEndArray();
      }
      out.writeEndObject();
    });
  }

  private static void reason(JsonGenerator out, ResumeReason reason) {
    out.writeStartObject();
    out.writeStringProperty("severity", reason.severity().text());
    out.writeStringProperty("code", reason.code());
    Json.text(out, "task", reason.task());
    out.writeStringProperty("message", reason.message());
    out.writeEndObject();
  }

  private static void fault(JsonGenerator out, Problem.Fault fault) {
    out.writeStartObject();
    Json.text(out, "path", fault.path());
    if (fault.line() > 0) {
      out.writeNumberProperty("line", fault.line());
      out.writeNumberProperty("column", fault.column());
    }
    out.writeStringProperty("message", fault.message());
    out.writeEndObject();
  }
}
