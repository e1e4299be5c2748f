package dev.holdfast.client;

import dev.holdfast.api.BatchResult;
import dev.holdfast.api.ConflictException;
import dev.holdfast.api.ExecutionFilter;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.ExecutionSummary;
import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.NotFoundException;
import dev.holdfast.api.Page;
import dev.holdfast.api.ResumeReason;
import dev.holdfast.api.ResumeRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sends a command to all executions of a definition or tenant, page by page. */
final class Batch {
  private static final int PAGE = 200;

  private final HoldfastClient client;
  private final Function<ExecutionHandle, CompletionStage<Void>> command;
  private final List<BatchResult.Failure> failed = new ArrayList<>();
  private int matched;
  private int changed;
  private int unchanged;

  Batch(HoldfastClient client, Function<ExecutionHandle, CompletionStage<Void>> command) {
    this.client = client;
    this.command = command;
  }

  /** To those of this definition, or all, in one of these statuses. */
  BatchResult run(@Nullable String definition, ExecutionStatus... statuses) {
    boolean more = false;
    for (ExecutionStatus status : statuses) {
      var filter = ExecutionFilter.ALL.status(status).limit(PAGE);
      more |= run(definition == null ? filter : filter.definition(definition));
    }
    return new BatchResult(matched, changed, unchanged, failed, more);
  }

  private boolean run(ExecutionFilter first) {
    ExecutionFilter filter = first;
    while (matched < BatchResult.EXECUTIONS_MAX) {
      Page<ExecutionSummary> page = client.list(filter);
      send(page.items());
      String next = page.nextCursor();
      if (next == null) {
        return false;
      }
      filter = first.after(next);
    }
    return true;
  }

  private void send(List<ExecutionSummary> executions) {
    matched += executions.size();
    var sent = new ArrayList<CompletionStage<Void>>(executions.size());
    executions.forEach(one -> sent.add(command.apply(client.execution(one.id()))));
    for (int i = 0; i < sent.size(); i++) {
      try {
        Stages.await(sent.get(i));
        changed++;
      } catch (ResumeRefusedException e) {
        fail(executions.get(i), e, e.reasons());
      } catch (ConflictException | NotFoundException e) {
        unchanged++;
      } catch (HoldfastException e) {
        fail(executions.get(i), e, List.of());
      }
    }
  }

  private void fail(ExecutionSummary execution, HoldfastException e, List<ResumeReason> reasons) {
    if (failed.size() < BatchResult.FAILED_MAX) {
      failed.add(
          new BatchResult.Failure(
              execution.id(), e.code(), String.valueOf(e.getMessage()), reasons));
    }
  }
}
