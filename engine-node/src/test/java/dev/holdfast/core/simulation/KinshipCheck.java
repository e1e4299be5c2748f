package dev.holdfast.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.AttemptOutcome;
import dev.holdfast.core.ChildCommands;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.ParentLink;
import dev.holdfast.core.PlannedTask.OnParentClose;
import dev.holdfast.core.PlannedTask.WorkflowTask;
import dev.holdfast.core.TaskState;
import java.util.LinkedHashMap;
import java.util.Map;

/** What has to hold between parents and children at the end. */
final class KinshipCheck {
  private final SimulatedJournal journal;
  private final Map<String, Integer> counts = new LinkedHashMap<>();

  KinshipCheck(SimulatedJournal journal) {
    this.journal = journal;
  }

  Map<String, Integer> counts() {
    return counts;
  }

  /** Whether every child, wanted or not, has ended. */
  boolean isAllDone() {
    return journal.keys().stream().allMatch(key -> journal.state(key).status().isEnded());
  }

  void validate() {
    for (ExecutionKey key : journal.keys()) {
      ExecutionState state = journal.state(key);
      assertThat(state.status().isEnded()).as("%s ended: %s", key, state).isTrue();
      ParentLink link = state.header().parent();
      if (link != null && !link.isOfSchedule()) {
        validateChild(state, link);
      }
      for (var planned : state.plan().tasks()) {
        validateTask(state, planned.id());
      }
    }
  }

  private void validateChild(ExecutionState child, ParentLink link) {
    count("children");
    count("children " + child.status());
    if (link.depth() > 1) {
      count("grandchildren");
    }
    if (link.task().endsWith("]")) {
      count("children of items");
    }
    if (journal.hasPauseOfParent(child.key())) {
      count("paused by parents");
    }
    ExecutionKey parentKey = new ExecutionKey(child.key().tenant(), link.execution());
    ExecutionState parent = journal.state(parentKey);
    assertThat(parent).as("the parent of %s", child.key()).isNotNull();
    assertThat(parent.header().depth() + 1).isEqualTo(link.depth());
    Attempt attempt = ChildCommands.attempt(parent, link.task(), link.attempt()).orElse(null);
    if (attempt != null && attempt.outcome() == AttemptOutcome.REVOKED) {
      WorkflowTask kind = (WorkflowTask) parent.plan().task(link.task()).kind();
      if (kind.onParentClose() == OnParentClose.ABANDON) {
        count("abandoned");
      }
    }
  }

  /** The task's output is its last child's, of which there is exactly one. */
  private void validateTask(ExecutionState parent, String task) {
    TaskState state = parent.task(task);
    if (state.attempts().isEmpty() || state.attempts().getLast().child() == null) {
      return;
    }
    Attempt last = state.attempts().getLast();
    ExecutionState child =
        journal.state(new ExecutionKey(parent.key().tenant(), last.child().id()));
    if (last.outcome() == AttemptOutcome.COMPLETED) {
      assertThat(child).as("child of %s of %s", task, parent.key()).isNotNull();
      assertThat(state.output() == null || state.output().equals(child.output()))
          .as("the output of %s of %s is its child's", task, parent.key())
          .isTrue();
    }
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }
}
