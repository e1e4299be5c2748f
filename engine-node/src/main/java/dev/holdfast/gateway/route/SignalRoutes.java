package dev.holdfast.gateway.route;

import dev.holdfast.api.ExecutionIds;
import dev.holdfast.core.Command;
import dev.holdfast.core.Limits;
import dev.holdfast.gateway.call.Call;
import dev.holdfast.gateway.call.Commands;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import dev.holdfast.grid.Engine;
import dev.holdfast.grid.ExecutionViews;
import dev.holdfast.grid.Outcome;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.InstantSource;
import java.util.regex.Pattern;

/** Words from outside for executions. */
public final class SignalRoutes {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

  private final Engine engine;
  private final InstantSource clock;

  public SignalRoutes(Engine engine, InstantSource clock) {
    this.engine = engine;
    this.clock = clock;
  }

  /** Adds the call to the router. */
  public void addTo(RoutesConfig routes) {
    routes.post("/v1/executions/{id}/signals/{name}", this::send);
  }

  private void send(Context http) {
    var call = new Call(http);
    String name = http.pathParam("name");
    if (!NAME.matcher(name).matches()) {
      throw new ProblemException(
          ProblemKind.INVALID_REQUEST, "a signal's name must match " + NAME + ", but is: " + name);
    }
    String id = call.query("id").text("id");
    if (id != null && id.length() > Limits.LABEL_CHARS_MAX) {
      throw new ProblemException(
          ProblemKind.INVALID_REQUEST,
          "query parameter id is longer than " + Limits.LABEL_CHARS_MAX + " characters");
    }
    var command =
        new Command.SendSignal(
            id == null ? ExecutionIds.next(clock) : id, name, call.optionalJson(), call.actor());
    Outcome.Done done = Commands.run(engine, call.execution(), command);
    call.answer(200, ExecutionViews.withoutCheckpoint(engine, done.state()));
  }
}
