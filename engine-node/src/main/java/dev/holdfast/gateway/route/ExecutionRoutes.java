package dev.holdfast.gateway.route;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Limits;
import dev.holdfast.gateway.GatewaySettings;
import dev.holdfast.gateway.call.Call;
import dev.holdfast.gateway.call.Query;
import dev.holdfast.gateway.json.EventJson;
import dev.holdfast.gateway.json.Fields;
import dev.holdfast.gateway.json.Json;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import dev.holdfast.grid.Engine;
import dev.holdfast.grid.ExecutionViews;
import dev.holdfast.journal.ExecutionPage;
import dev.holdfast.journal.ExecutionQuery;
import dev.holdfast.journal.HistoryItem;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Reading executions, and removing old ones. */
public final class ExecutionRoutes {
  private static final int RETENTION_DAYS_MAX = 36_500;

  private final Engine engine;
  private final InstantSource clock;
  private final CompletableFuture<Void> closing;

  /**
   * @param closing completes when the gateway closes: calls that wait are answered then
   */
  public ExecutionRoutes(Engine engine, InstantSource clock, CompletableFuture<Void> closing) {
    this.engine = engine;
    this.clock = clock;
    this.closing = closing;
  }

  /** Adds the calls to the router. */
  public void addTo(RoutesConfig routes) {
    routes.get("/v1/executions", this::list);
    routes.get("/v1/executions/{id}", this::show);
    routes.get("/v1/executions/{id}/history", this::history);
    routes.post("/v1/executions/purge", this::purge);
  }

  private void list(Context http) {
    var call = new Call(http);
    Query query =
        call.query("status", "definition", "session", "attr.*", "from", "to", "limit", "cursor");
    ExecutionPage page = page(listed(call.tenant(), query));
    call.answer(
        200,
        Json.write(out -> {
          out.writeStartObject();
          out.writeArrayPropertyStart("items");
          page.items().forEach(row -> Summaries.write(out, row));
          out.writeEndArray();
          Json.text(out, "nextCursor", page.nextCursor());
          out.writeEndObject();
        }));
  }

  private ExecutionPage page(ExecutionQuery query) {
    try {
      return engine.records().list(query);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(ProblemKind.INVALID_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  private static ExecutionQuery listed(String tenant, Query query) {
    return new ExecutionQuery(
        tenant,
        query.one("status", ExecutionStatus.class),
        query.text("definition"),
        query.text("session"),
        query.startingWith("attr."),
        query.instant("from"),
        query.instant("to"),
        query.limit(),
        query.text("cursor"));
  }

  private void show(Context http) {
    var call = new Call(http);
    ExecutionKey key = call.execution();
    Duration wait = call.query("wait").duration("wait");
    ExecutionState state = Call.found(engine, key);
    if (wait != null && !state.status().isEnded()) {
      state = awaitEnd(key, shorter(wait));
    }
    call.answer(200, ExecutionViews.of(engine, state));
  }

  static Duration shorter(Duration wait) {
    return wait.compareTo(GatewaySettings.WAIT_MAX) < 0 ? wait : GatewaySettings.WAIT_MAX;
  }

  private ExecutionState awaitEnd(ExecutionKey key, Duration wait) {
    CompletableFuture<ExecutionState> ended = engine.whenEnded(key);
    try {
      Object first =
          CompletableFuture.anyOf(ended, closing).get(wait.toMillis(), TimeUnit.MILLISECONDS);
      if (first instanceof ExecutionState state) {
        return state;
      }
    } catch (TimeoutException | ExecutionException e) {
      // It has not ended, or nobody can tell: the answer is the execution as it is now.
      return Call.found(engine, key);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.cancel(false);
    }
    return Call.found(engine, key);
  }

  private void history(Context http) {
    var call = new Call(http);
    ExecutionKey key = call.execution();
    Query query = call.query("after", "limit");
    int limit = query.limit();
    List<HistoryItem> items =
        engine.records().history(key, query.number("after", 0, Long.MAX_VALUE, 0), limit);
    if (items.isEmpty()) {
      Call.found(engine, key);
    }
    call.answer(200, history(items, limit));
  }

  static byte[] history(List<HistoryItem> items, int limit) {
    return Json.write(out -> {
      out.writeStartObject();
      out.writeArrayPropertyStart("items");
      items.forEach(item -> EventJson.write(out, null, item));
      out.writeEndArray();
      if (items.size() == limit) {
        out.writeNumberProperty("nextAfter", items.getLast().seq());
      }
      out.writeEndObject();
    });
  }

  private void purge(Context http) {
    var call = new Call(http);
    String tenant = call.tenant();
    Map<String, @Nullable Object> body = call.optionalJson();
    Fields fields = Fields.of(body, Set.of("retentionDays", "dryRun"));
    int days =
        fields.integer("retentionDays", 0, RETENTION_DAYS_MAX, (int) Limits.RETENTION.toDays());
    boolean dryRun = fields.flag("dryRun", false);
    fields.check();
    int purged =
        engine.records().purge(tenant, clock.instant().minus(Duration.ofDays(days)), dryRun);
    call.answer(200, Map.of("purged", purged));
  }
}
