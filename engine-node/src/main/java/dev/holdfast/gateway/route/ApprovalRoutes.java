package dev.holdfast.gateway.route;

import dev.holdfast.api.ExecutionIds;
import dev.holdfast.core.Command;
import dev.holdfast.gateway.call.Call;
import dev.holdfast.gateway.call.Commands;
import dev.holdfast.gateway.call.Query;
import dev.holdfast.gateway.json.Fields;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import dev.holdfast.grid.Approvals;
import dev.holdfast.grid.Engine;
import dev.holdfast.grid.ExecutionViews;
import dev.holdfast.grid.Outcome;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.InstantSource;
import java.util.Set;

/** Tasks that wait for a person: which there are, and deciding on them. */
public final class ApprovalRoutes {
  private final Engine engine;
  private final InstantSource clock;

  public ApprovalRoutes(Engine engine, InstantSource clock) {
    this.engine = engine;
    this.clock = clock;
  }

  /** Adds the calls to the router. */
  public void addTo(RoutesConfig routes) {
    routes.get("/v1/approvals", this::list);
    routes.post("/v1/executions/{id}/tasks/{task}/approve", this::decide);
  }

  private void list(Context http) {
    var call = new Call(http);
    Query query = call.query("definition", "role", "limit", "cursor");
    var asked =
        new Approvals.Query(
            call.tenant(),
            query.text("definition"),
            query.text("role"),
            query.limit(),
            query.text("cursor"));
    try {
      call.answer(200, engine.approvals().list(asked));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(ProblemKind.INVALID_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  private void decide(Context http) {
    var call = new Call(http);
    Fields fields = Fields.of(call.json(), Set.of("approved", "reason", "output"));
    if (fields.value("approved") == null) {
      fields.fault("approved", "is required: true or false");
    }
    boolean approved = fields.flag("approved", false);
    String reason = fields.text("reason");
    Object output = fields.value("output");
    fields.check();
    var command =
        new Command.DecideApproval(
            ExecutionIds.next(clock),
            http.pathParam("task"),
            approved,
            call.actor(),
            call.roles(),
            reason,
            output);
    Outcome.Done done = Commands.run(engine, call.execution(), command);
    call.answer(200, ExecutionViews.withoutCheckpoint(engine, done.state()));
  }
}
