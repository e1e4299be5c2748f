package dev.holdfast.gateway.route;

import dev.holdfast.gateway.call.Call;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import dev.holdfast.grid.ClusterState;
import dev.holdfast.grid.Engine;
import dev.holdfast.grid.quorum.Standing;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Supplier;

/** What operators and their machines ask: agents, health, metrics, documents. */
public final class OperationRoutes {
  private static final String OPENAPI = "/dev/holdfast/gateway/openapi.json";
  private static final String DEFINITION_SCHEMA = "/dev/holdfast/schema/definition.json";

  private final Engine engine;
  private final Supplier<String> metrics;
  private final Supplier<Boolean> closing;

  /**
   * @param metrics all metrics in Prometheus' text format
   * @param closing whether the node has begun to shut down
   */
  public OperationRoutes(Engine engine, Supplier<String> metrics, Supplier<Boolean> closing) {
    this.engine = engine;
    this.metrics = metrics;
    this.closing = closing;
  }

  /** Adds the calls to the router. */
  public void addTo(RoutesConfig routes) {
    routes.get("/v1/agents", this::agents);
    routes.get("/health/live", this::live);
    routes.get("/health/ready", this::ready);
    routes.get("/metrics", this::metrics);
    routes.get("/openapi.json", http -> document(http, OPENAPI));
    routes.get("/v1/schema/definition.json", http -> document(http, DEFINITION_SCHEMA));
  }

  private void agents(Context http) {
    var call = new Call(http);
    call.query();
    call.answer(200, Map.of("items", engine.dispatcher().agents(call.tenant())));
  }

  private void live(Context http) {
    new Call(http).answer(200, Map.of("status", "UP"));
  }

  private void ready(Context http) {
    String reason = reasonAgainst();
    if (!reason.isEmpty()) {
      throw new ProblemException(ProblemKind.UNAVAILABLE, reason);
    }
    new Call(http).answer(200, Map.of("status", "UP"));
  }

  /** Why no work should be sent here; empty: it may be. */
  private String reasonAgainst() {
    Standing standing = engine.control().standing();
    if (standing.state() != ClusterState.OPEN) {
      return standing.state().text() + ": " + standing.detail();
    }
    if (closing.get()) {
      return "the node is shutting down";
    }
    return engine.isStoreHealthy() ? "" : "the store does not confirm writes";
  }

  private void metrics(Context http) {
    http.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.get());
  }

  private static void document(Context http, String resource) {
    try (InputStream in = OperationRoutes.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + resource);
      }
      new Call(http).answer(200, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
