package dev.holdfast.grid;

import dev.holdfast.api.ApprovalView;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.JsonValues;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Gate;
import dev.holdfast.core.Gates;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The tasks that wait for a person's decision, of the executions that this member owns. Derived:
 * made from the states, and again by whoever comes to own them. Thread-safe.
 */
public final class PendingApprovals {
  private final Map<ExecutionKey, List<ApprovalView>> pending = new ConcurrentHashMap<>();

  /** What the execution waits for is to be looked at anew. */
  void changed(ExecutionState state) {
    List<ApprovalView> waiting = waiting(state);
    if (waiting.isEmpty()) {
      pending.remove(state.key());
    } else {
      pending.put(state.key(), waiting);
    }
  }

  /** Whether something of it is listed. */
  boolean isListed(ExecutionKey key) {
    return pending.containsKey(key);
  }

  private static List<ApprovalView> waiting(ExecutionState state) {
    var waiting = new ArrayList<ApprovalView>();
    for (PlannedTask planned : state.plan().tasks()) {
      TaskState task = state.tasks().get(planned.index());
      if (task.status() == TaskStatus.AWAITING_APPROVAL
          && task.gate() instanceof Gate.AwaitingApproval gate) {
        waiting.add(view(state, planned, task, gate));
      }
    }
    return waiting;
  }

  private static ApprovalView view(
      ExecutionState state, PlannedTask planned, TaskState task, Gate.AwaitingApproval gate) {
    long bytes = task.input() == null ? 0 : JsonValues.sizeBytes(task.input());
    return new ApprovalView(
        state.key().id(),
        planned.id(),
        state.plan().name(),
        state.plan().version(),
        approvers(planned),
        gate.since(),
        gate.until(),
        bytes > ApprovalView.INPUT_BYTES_MAX ? null : task.input(),
        bytes);
  }

  /** Roles that may decide on the task; empty: anybody may. */
  static List<String> approvers(PlannedTask planned) {
    Gates.Approval approval = planned.gates().approval();
    return approval == null ? List.of() : approval.approvers();
  }

  /** The execution has ended. */
  void ended(ExecutionKey key) {
    pending.remove(key);
  }

  /** Forgets those of these executions. */
  void drop(Predicate<ExecutionKey> moved) {
    pending.keySet().removeIf(moved);
  }

  /** All of a tenant's, in no particular order. */
  public Stream<ApprovalView> of(String tenant, Predicate<ExecutionKey> executions) {
    return pending.entrySet().stream()
        .filter(entry -> entry.getKey().tenant().equals(tenant) && executions.test(entry.getKey()))
        .flatMap(entry -> entry.getValue().stream());
  }
}
