package dev.holdfast.gateway.route;

import dev.holdfast.api.ExecutionIds;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.gateway.call.Call;
import dev.holdfast.gateway.call.Commands;
import dev.holdfast.gateway.json.Fields;
import dev.holdfast.grid.Engine;
import dev.holdfast.grid.ExecutionViews;
import dev.holdfast.grid.Outcome;
import dev.holdfast.grid.Repair;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** Pausing, resuming, cancelling and retrying executions. */
public final class ControlRoutes {
  private final Engine engine;
  private final InstantSource clock;

  public ControlRoutes(Engine engine, InstantSource clock) {
    this.engine = engine;
    this.clock = clock;
  }

  /** Adds the calls to the router. */
  public void addTo(RoutesConfig routes) {
    routes.post("/v1/executions/{id}/pause", this::pause);
    routes.post("/v1/executions/{id}/resume", this::resume);
    routes.post("/v1/executions/{id}/cancel", this::cancel);
    routes.post("/v1/executions/{id}/retry", this::retry);
    routes.post("/v1/executions/{id}/repair", this::repair);
  }

  private void pause(Context http) {
    var call = new Call(http);
    Fields fields = Fields.of(call.optionalJson(), Set.of("mode", "reason", "autoResumeAfter"));
    PauseMode asked = mode(fields);
    String reason = fields.text("reason");
    Duration most = fields.duration("autoResumeAfter");
    fields.check();
    String id = ExecutionIds.next(clock);
    run(call, new Command.PauseExecution(id, asked, call.actor(), reason, most));
  }

  static PauseMode mode(Fields fields) {
    return switch (fields.text("mode")) {
      case null -> PauseMode.GRACEFUL;
      case "graceful" -> PauseMode.GRACEFUL;
      case "immediate" -> PauseMode.IMMEDIATE;
      default -> {
        fields.fault("mode", "must be graceful or immediate");
        yield PauseMode.GRACEFUL;
      }
    };
  }

  private void resume(Context http) {
    var call = new Call(http);
    Fields fields = Fields.of(call.optionalJson(), Set.of("reason", "force"));
    String reason = fields.text("reason");
    boolean force = fields.flag("force", false);
    fields.check();
    run(call, new Command.ResumeExecution(ExecutionIds.next(clock), call.actor(), reason, force));
  }

  private void cancel(Context http) {
    var call = new Call(http);
    Fields fields = Fields.of(call.optionalJson(), Set.of("reason"));
    String reason = fields.text("reason");
    fields.check();
    run(call, new Command.CancelExecution(ExecutionIds.next(clock), call.actor(), reason));
  }

  private void retry(Context http) {
    var call = new Call(http);
    Fields fields = Fields.of(call.optionalJson(), Set.of("task"));
    String task = fields.text("task");
    fields.check();
    run(call, new Command.RetryExecution(ExecutionIds.next(clock), call.actor(), task));
  }

  private void repair(Context http) {
    var call = new Call(http);
    Fields.of(call.optionalJson(), Set.of()).check();
    ExecutionKey key = call.execution();
    Call.found(engine, key);
    Repair repair = engine.repair(key, call.actor());
    call.answer(200, RepairAnswer.of(Call.found(engine, key), repair));
  }

  /**
   * What is answered to a repair.
   *
   * @param seq number of the execution's last event after it
   */
  record RepairAnswer(
      String id,
      ExecutionStatus status,
      long seq,
      boolean changed,
      List<String> rederived,
      boolean stuck) {
    static RepairAnswer of(ExecutionState state, Repair repair) {
      return new RepairAnswer(
          state.key().id(),
          state.status(),
          state.seq(),
          repair.changed(),
          repair.rederived(),
          repair.stuck());
    }
  }

  private void run(Call call, Command command) {
    ExecutionKey key = call.execution();
    Outcome.Done done = Commands.run(engine, key, command);
    call.answer(200, ExecutionViews.withoutCheckpoint(engine, done.state()));
  }
}
