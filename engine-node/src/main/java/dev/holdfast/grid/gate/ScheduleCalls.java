package dev.holdfast.grid.gate;

import dev.holdfast.api.DefinitionProblem;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.JsonConversion;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.client.wire.Reply;
import dev.holdfast.client.wire.Request;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Limits;
import dev.holdfast.core.Rejection;
import dev.holdfast.core.ScheduleCheck;
import dev.holdfast.core.ScheduleCommand.SetSchedule;
import dev.holdfast.core.ScheduleCommand.SwitchSchedule;
import dev.holdfast.core.ScheduleViews;
import dev.holdfast.grid.Engine;
import dev.holdfast.grid.Outcome;
import dev.holdfast.journal.codec.HistoryEvents;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What clients ask of schedules. Doesn't wait, but for what is said so. */
public final class ScheduleCalls {
  private final Engine engine;

  public ScheduleCalls(Engine engine) {
    this.engine = engine;
  }

  /** The answer, which may take its time: on a thread that may block. */
  public CompletableFuture<Reply> answer(String tenant, String actor, Request.OfSchedules request) {
    return CompletableFuture.supplyAsync(
            () -> begin(tenant, actor, request), Thread::startVirtualThread)
        .thenCompose(reply -> reply);
  }

  private CompletableFuture<Reply> begin(String tenant, String actor, Request.OfSchedules request) {
    return switch (request) {
      case Request.SetSchedule r -> set(ExecutionKey.ofSchedule(tenant, r.name()), actor, r);
      case Request.SwitchSchedule r -> {
        ExecutionKey key = ExecutionKey.ofSchedule(tenant, r.name());
        yield engine
            .submit(key, new SwitchSchedule(r.commandId(), r.to(), actor, r.reason()))
            .thenApply(outcome -> changed(key, outcome));
      }
      case Request.GetSchedule r -> {
        ExecutionKey key = ExecutionKey.ofSchedule(tenant, r.name());
        yield CompletableFuture.completedFuture(view(key, engine.find(key)));
      }
      case Request.GetScheduleHistory r ->
          CompletableFuture.completedFuture(history(ExecutionKey.ofSchedule(tenant, r.name()), r));
      case Request.ListSchedules r ->
          CompletableFuture.completedFuture(
              new Reply.Body(
                  engine
                      .schedules()
                      .list(tenant, Math.clamp(r.limit(), 1, Limits.PAGE_MAX), r.cursor())));
    };
  }

  private CompletableFuture<Reply> set(
      ExecutionKey key, String actor, Request.SetSchedule request) {
    ScheduleSpec spec = request.spec().input(JsonConversion.of(request.spec().input()));
    List<ScheduleCheck.Fault> faults = engine.schedules().faults(key.tenant(), spec);
    if (!faults.isEmpty()) {
      ScheduleCheck.Fault first = faults.getFirst();
      return CompletableFuture.completedFuture(
          new Reply.Refused(
              "invalid-schedule",
              first.field() + ' ' + first.message(),
              faults.stream()
                  .map(fault -> new DefinitionProblem(fault.field(), 0, 0, fault.message()))
                  .toList()));
    }
    return engine
        .submit(key, new SetSchedule(key, spec, actor))
        .thenApply(outcome ->
            switch (outcome) {
              case Outcome.Done done -> view(key, Optional.of(done.state()));
              case Outcome.Refused refused -> Refusals.of(refused.rejection());
            });
  }

  private static Reply changed(ExecutionKey key, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done done -> new Reply.Body(done.changed());
      case Outcome.Refused(var rejection) ->
          rejection.code() == Rejection.Code.EXECUTION_NOT_FOUND
              ? notFound(key)
              : Refusals.of(rejection);
    };
  }

  private static Reply view(ExecutionKey key, Optional<ExecutionState> state) {
    return state
        .flatMap(ScheduleViews::of)
        .<Reply>map(Reply.Body::new)
        .orElseGet(() -> notFound(key));
  }

  private Reply history(ExecutionKey key, Request.GetScheduleHistory request) {
    int limit = Math.clamp(request.limit(), 1, Limits.PAGE_MAX);
    var items = engine.records().history(key, request.after(), limit);
    return items.isEmpty() && engine.find(key).isEmpty()
        ? notFound(key)
        : new Reply.Body(items.stream().map(HistoryEvents::of).toList());
  }

  private static Reply notFound(ExecutionKey key) {
    return new Reply.Refused(
        "schedule-not-found", "no schedule " + ExecutionKey.scheduleOf(key.id()));
  }
}
