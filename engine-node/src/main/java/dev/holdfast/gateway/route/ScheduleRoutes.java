package dev.holdfast.gateway.route;

import dev.holdfast.api.ExecutionIds;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.api.ScheduleView;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Rejection;
import dev.holdfast.core.ScheduleCheck.Fault;
import dev.holdfast.core.ScheduleCommand;
import dev.holdfast.core.ScheduleViews;
import dev.holdfast.gateway.call.Call;
import dev.holdfast.gateway.call.Commands;
import dev.holdfast.gateway.call.Query;
import dev.holdfast.gateway.json.Fields;
import dev.holdfast.gateway.problem.Problem;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import dev.holdfast.grid.Engine;
import dev.holdfast.grid.Outcome;
import dev.holdfast.journal.HistoryItem;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Schedules: what they are to do, and what came of it. */
public final class ScheduleRoutes {
  private final Engine engine;
  private final InstantSource clock;

  public ScheduleRoutes(Engine engine, InstantSource clock) {
    this.engine = engine;
    this.clock = clock;
  }

  /** Adds the calls to the router. */
  public void addTo(RoutesConfig routes) {
    routes.get("/v1/schedules", this::list);
    routes.put("/v1/schedules/{name}", this::set);
    routes.get("/v1/schedules/{name}", this::show);
    routes.delete("/v1/schedules/{name}", this::delete);
    routes.post("/v1/schedules/{name}/pause", http -> turn(http, ScheduleStatus.PAUSED));
    routes.post("/v1/schedules/{name}/resume", http -> turn(http, ScheduleStatus.ACTIVE));
    routes.get("/v1/schedules/{name}/history", this::history);
  }

  private void list(Context http) {
    var call = new Call(http);
    Query query = call.query("limit", "cursor");
    call.answer(200, engine.schedules().list(call.tenant(), query.limit(), query.text("cursor")));
  }

  private void set(Context http) {
    var call = new Call(http);
    ExecutionKey key = key(call, http);
    ScheduleSpec spec = ScheduleBody.read(call, http.pathParam("name"));
    List<Fault> faults = engine.schedules().faults(key.tenant(), spec);
    if (!faults.isEmpty()) {
      throw new ProblemException(
          new Problem(
              ProblemKind.INVALID_SCHEDULE,
              text(faults.getFirst()),
              faults.stream().map(f -> new Problem.Fault(f.field(), text(f))).toList()));
    }
    Outcome.Done done = run(key, new ScheduleCommand.SetSchedule(key, spec, call.actor()));
    ScheduleView view = view(key, Optional.of(done.state()));
    http.header("Location", "/v1/schedules/" + view.name());
    call.answer(done.changed() && view.revision() == 1 ? 201 : 200, view);
  }

  private static String text(Fault fault) {
    return fault.field() + ' ' + fault.message();
  }

  private void show(Context http) {
    var call = new Call(http);
    ExecutionKey key = key(call, http);
    call.query();
    call.answer(200, view(key, engine.find(key)));
  }

  private static ScheduleView view(ExecutionKey key, Optional<ExecutionState> state) {
    return state.flatMap(ScheduleViews::of).orElseThrow(() -> notFound(key));
  }

  private void delete(Context http) {
    var call = new Call(http);
    ExecutionKey key = key(call, http);
    view(key, engine.find(key));
    run(key, turn(call, ScheduleStatus.DELETED, null));
    http.status(204);
  }

  private void turn(Context http, ScheduleStatus to) {
    var call = new Call(http);
    ExecutionKey key = key(call, http);
    Fields fields = Fields.of(call.optionalJson(), Set.of("reason"));
    String reason = fields.text("reason");
    fields.check();
    Outcome.Done done = run(key, turn(call, to, reason));
    call.answer(200, view(key, Optional.of(done.state())));
  }

  private ScheduleCommand turn(Call call, ScheduleStatus to, @Nullable String reason) {
    return new ScheduleCommand.SwitchSchedule(ExecutionIds.next(clock), to, call.actor(), reason);
  }

  private void history(Context http) {
    var call = new Call(http);
    ExecutionKey key = key(call, http);
    Query query = call.query("after", "limit");
    int limit = query.limit();
    List<HistoryItem> items =
        engine.records().history(key, query.number("after", 0, Long.MAX_VALUE, 0), limit);
    if (items.isEmpty()) {
      view(key, engine.find(key));
    }
    call.answer(200, ExecutionRoutes.history(items, limit));
  }

  private Outcome.Done run(ExecutionKey key, ScheduleCommand command) {
    return switch (Commands.await(engine.submit(key, command))) {
      case Outcome.Done done -> done;
      case Outcome.Refused(var rejection)
          when rejection.code() == Rejection.Code.EXECUTION_NOT_FOUND ->
          throw notFound(key);
      case Outcome.Refused(var rejection) -> throw new ProblemException(Problem.of(rejection));
    };
  }

  private static ExecutionKey key(Call call, Context http) {
    String tenant = call.tenant();
    try {
      return ExecutionKey.ofSchedule(tenant, http.pathParam("name"));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(ProblemKind.INVALID_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  private static ProblemException notFound(ExecutionKey key) {
    return new ProblemException(
        ProblemKind.SCHEDULE_NOT_FOUND,
        "no schedule %s in tenant %s".formatted(ExecutionKey.scheduleOf(key.id()), key.tenant()));
  }
}
