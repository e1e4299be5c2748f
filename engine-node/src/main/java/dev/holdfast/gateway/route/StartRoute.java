package dev.holdfast.gateway.route;

import dev.holdfast.api.ExecutionIds;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.JsonValues;
import dev.holdfast.core.Command;
import dev.holdfast.core.Plan;
import dev.holdfast.core.SchemaCheck;
import dev.holdfast.gateway.call.Call;
import dev.holdfast.gateway.call.Commands;
import dev.holdfast.gateway.json.Fields;
import dev.holdfast.gateway.json.Json;
import dev.holdfast.gateway.problem.Problem;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import dev.holdfast.grid.Engine;
import dev.holdfast.grid.Outcome;
import dev.holdfast.grid.StartDigest;
import dev.holdfast.grid.blob.LargeInput;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Starting executions. */
public final class StartRoute {
  private static final Set<String> FIELDS =
      Set.of(
          "definition", "version", "id", "input", "attributes", "session", "priority", "timeout");
  private static final int PRIORITY_MAX = 9;
  private static final int PRIORITY_DEFAULT = 5;

  private final Engine engine;
  private final InstantSource clock;

  public StartRoute(Engine engine, InstantSource clock) {
    this.engine = engine;
    this.clock = clock;
  }

  /** Adds the call to the router. */
  public void addTo(RoutesConfig routes) {
    routes.post("/v1/executions", this::start);
  }

  private void start(Context http) {
    var call = new Call(http);
    String tenant = call.tenant();
    Request request =
        Request.read(Fields.of(call.largeJson(engine.blobs(), "input", false), FIELDS));
    Plan plan =
        engine
            .definitions()
            .plan(tenant, request.definition, request.version)
            .orElseThrow(() ->
                DefinitionRoutes.notFound(
                    request.definition,
                    request.version == null ? "" : " in version " + request.version));
    checkInput(tenant, plan, request.input);
    ExecutionKey key = call.execution(request.id == null ? ExecutionIds.next(clock) : request.id);
    var command =
        new Command.StartExecution(
            plan,
            key,
            engine.blobs().inlined(tenant, request.input, JsonValues.sizeBytes(request.input)),
            request.attributes,
            request.session,
            request.priority,
            request.timeout,
            request.digest(),
            call.actor());
    Outcome.Done done = Commands.run(engine, key, command);
    http.header("Location", "/v1/executions/" + key.id());
    call.answer(done.changed() ? 201 : 200, Json.write(out -> Summaries.write(out, done.state())));
  }

  private void checkInput(String tenant, Plan plan, @Nullable Object input) {
    if (plan.inputSchema() == SchemaCheck.NONE) {
      return;
    }
    List<String> violations = LargeInput.violations(engine.blobs(), tenant, plan, input);
    if (!violations.isEmpty()) {
      throw new ProblemException(
          new Problem(
              ProblemKind.INVALID_INPUT,
              violations.getFirst(),
              violations.stream().map(text -> new Problem.Fault(null, text)).toList()));
    }
  }

  /** What the body says. */
  private record Request(
      String definition,
      @Nullable Integer version,
      @Nullable String id,
      @Nullable Object input,
      Map<String, String> attributes,
      @Nullable String session,
      int priority,
      @Nullable Duration timeout) {

    static Request read(Fields fields) {
      int version = fields.integer("version", 1, Integer.MAX_VALUE, 0);
      Duration timeout = fields.duration("timeout");
      if (timeout != null && timeout.isZero()) {
        fields.fault("timeout", "must be longer than nothing");
      }
      String id = fields.text("id");
      if (id != null && id.indexOf('/') >= 0) {
        fields.fault(
            "id", "must have no '/': ids of tasks' own executions are given by the engine");
      }
      var request =
          new Request(
              fields.required("definition"),
              version == 0 ? null : version,
              id,
              fields.value("input"),
              fields.labels("attributes"),
              fields.text("session"),
              fields.integer("priority", 0, PRIORITY_MAX, PRIORITY_DEFAULT),
              timeout);
      fields.check();
      return request;
    }

    String digest() {
      return StartDigest.of(definition, version, input, attributes, session, priority, timeout);
    }
  }
}
