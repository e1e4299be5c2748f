package dev.holdfast.gateway.route;

import dev.holdfast.api.BatchResult;
import dev.holdfast.api.ExecutionIds;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.core.Command;
import dev.holdfast.gateway.call.Call;
import dev.holdfast.gateway.json.Fields;
import dev.holdfast.grid.Engine;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Pausing and resuming all executions of a definition or tenant. */
public final class BatchRoutes {
  private final Engine engine;
  private final InstantSource clock;

  public BatchRoutes(Engine engine, InstantSource clock) {
    this.engine = engine;
    this.clock = clock;
  }

  /** Adds the calls to the router. */
  public void addTo(RoutesConfig routes) {
    routes.post("/v1/executions/pause", this::pause);
    routes.post("/v1/executions/resume", this::resume);
  }

  private void pause(Context http) {
    var call = new Call(http);
    Fields fields =
        Fields.of(call.json(), Set.of("definition", "all", "mode", "reason", "autoResumeAfter"));
    String definition = definition(fields);
    PauseMode mode = ControlRoutes.mode(fields);
    String reason = fields.text("reason");
    Duration most = fields.duration("autoResumeAfter");
    fields.check();
    run(
        call,
        definition,
        mode == PauseMode.IMMEDIATE
            ? List.of(ExecutionStatus.RUNNING, ExecutionStatus.PAUSING)
            : List.of(ExecutionStatus.RUNNING),
        () ->
            new Command.PauseExecution(ExecutionIds.next(clock), mode, call.actor(), reason, most));
  }

  private void resume(Context http) {
    var call = new Call(http);
    Fields fields = Fields.of(call.json(), Set.of("definition", "all", "reason", "force"));
    String definition = definition(fields);
    String reason = fields.text("reason");
    boolean force = fields.flag("force", false);
    fields.check();
    run(
        call,
        definition,
        List.of(ExecutionStatus.PAUSED, ExecutionStatus.PAUSING),
        () -> new Command.ResumeExecution(ExecutionIds.next(clock), call.actor(), reason, force));
  }

  /** The definition whose executions are meant; the empty text: all of them. */
  private static String definition(Fields fields) {
    String definition = fields.text("definition");
    boolean all = fields.flag("all", false);
    if (all == (definition != null)) {
      fields.fault("definition", "or 'all': true has to be given, and not both");
    }
    return definition == null ? "" : definition;
  }

  private void run(
      Call call, String definition, List<ExecutionStatus> statuses, Supplier<Command> command) {
    BatchResult result =
        new Batch(engine, call.tenant(), command)
            .run(definition.isEmpty() ? null : definition, statuses);
    call.answer(200, result);
  }
}
