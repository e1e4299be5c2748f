package dev.holdfast.gateway.route;

import dev.holdfast.api.BatchResult;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.core.Command;
import dev.holdfast.core.Rejection;
import dev.holdfast.gateway.call.Commands;
import dev.holdfast.gateway.problem.Problem;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.grid.Engine;
import dev.holdfast.grid.Outcome;
import dev.holdfast.journal.ExecutionPage;
import dev.holdfast.journal.ExecutionQuery;
import dev.holdfast.journal.ExecutionRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A command to many executions: page by page of the list, so many under way at once. */
final class Batch {
  private static final int PAGE = 200;

  private final Engine engine;
  private final String tenant;
  private final Supplier<Command> command;
  private final List<BatchResult.Failure> failed = new ArrayList<>();
  private int matched;
  private int changed;
  private int unchanged;

  Batch(Engine engine, String tenant, Supplier<Command> command) {
    this.engine = engine;
    this.tenant = tenant;
    this.command = command;
  }

  /** To those of the definition, or all, that have one of these statuses. */
  BatchResult run(@Nullable String definition, List<ExecutionStatus> statuses) {
    boolean more = false;
    for (ExecutionStatus status : statuses) {
      more |= run(definition, status);
    }
    return new BatchResult(matched, changed, unchanged, failed, more);
  }

  private boolean run(@Nullable String definition, ExecutionStatus status) {
    String cursor = null;
    while (matched < BatchResult.EXECUTIONS_MAX) {
      var query =
          new ExecutionQuery(tenant, status, definition, null, Map.of(), null, null, PAGE, cursor);
      ExecutionPage page = engine.records().list(query);
      send(page.items());
      cursor = page.nextCursor();
      if (cursor == null) {
        return false;
      }
    }
    return true;
  }

  private void send(List<ExecutionRow> rows) {
    matched += rows.size();
    var sent = new ArrayList<CompletableFuture<Outcome>>(rows.size());
    rows.forEach(row -> sent.add(engine.submit(row.key(), command.get())));
    for (int i = 0; i < sent.size(); i++) {
      String execution = rows.get(i).key().id();
      try {
        switch (Commands.await(sent.get(i))) {
          case Outcome.Done done when done.changed() -> changed++;
          case Outcome.Done _ -> unchanged++;
          case Outcome.Refused(Rejection rejection) -> refused(execution, rejection);
        }
      } catch (ProblemException e) {
        fail(execution, e.problem());
      }
    }
  }

  private void refused(String execution, Rejection rejection) {
    switch (rejection.code()) {
      // It has ended, or somebody else was faster.
      case WRONG_STATE, EXECUTION_NOT_FOUND -> unchanged++;
      default -> fail(execution, Problem.of(rejection));
    }
  }

  private void fail(String execution, Problem problem) {
    if (failed.size() < BatchResult.FAILED_MAX) {
      failed.add(
          new BatchResult.Failure(
              execution, problem.kind().code(), problem.detail(), problem.reasons()));
    }
  }
}
