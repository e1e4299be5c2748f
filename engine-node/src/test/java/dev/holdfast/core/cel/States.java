package dev.holdfast.core.cel;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.JsonValues;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.ExecutionHeader;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Gates;
import dev.holdfast.core.Plan;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.RetryPolicy;
import dev.holdfast.core.SchemaCheck;
import dev.holdfast.core.Scope;
import dev.holdfast.core.Signals;
import dev.holdfast.core.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An execution to evaluate expressions on: tasks done, broken (both ended) and open. */
final class States {
  static final Instant STARTED = Instant.parse("2026-01-02T03:04:05Z");
  static final ExpressionScope SCOPE =
      new ExpressionScope(
          Set.of("done", "broken", "open", "later"),
          Set.of("done", "broken", "open"),
          Set.of("pages", "name", "unset"),
          false);
  static final ExpressionScope SET_SCOPE =
      new ExpressionScope(SCOPE.tasks(), SCOPE.ancestors(), SCOPE.variables(), true);

  private States() {}

  static Scope scope(@Nullable Object input) {
    return Scope.of(state(input));
  }

  static Scope scope(@Nullable Object input, @Nullable Object output) {
    return Scope.withOutput(state(input), JsonValues.immutable(output));
  }

  private static ExecutionState state(@Nullable Object input) {
    var plan =
        new Plan(
            "sample",
            3,
            Duration.ofHours(1),
            Map.of(),
            List.of(task("done", 0), task("broken", 1), task("open", 2), task("later", 3)),
            null,
            SchemaCheck.NONE,
            SchemaCheck.NONE);
    var header =
        new ExecutionHeader(
            plan,
            new ExecutionKey("acme", "exec-1"),
            JsonValues.immutable(input),
            Map.of(),
            null,
            5,
            Duration.ofHours(1),
            "anna",
            "digest",
            STARTED,
            null);
    var tasks = new ArrayList<TaskState>();
    tasks.add(ended(TaskStatus.COMPLETED, Map.of("x", 7L, "list", List.of(1L, 2L, 3L)), null));
    tasks.add(ended(TaskStatus.FAILED, null, new TaskError("bad-input", "no file", null)));
    tasks.add(TaskState.PENDING);
    tasks.add(TaskState.PENDING);
    return new ExecutionState(
        header,
        ExecutionStatus.RUNNING,
        1,
        STARTED,
        null,
        STARTED.plusSeconds(3600),
        Map.of("pages", 12L, "name", "Ada"),
        tasks,
        2,
        0,
        null,
        null,
        null,
        List.of(),
        0,
        Signals.NONE,
        false,
        null,
        List.of(),
        null,
        null);
  }

  private static TaskState ended(
      TaskStatus status, @Nullable Object output, @Nullable TaskError error) {
    return new TaskState(status, null, output, error, List.of(), 1, 0, 0, null, null, null, null);
  }

  private static PlannedTask task(String id, int index) {
    return new PlannedTask(
        id,
        index,
        new PlannedTask.AgentTask("agent", Map.of()),
        List.of(),
        List.of(),
        PlannedTask.Join.ANY,
        null,
        null,
        Map.of(),
        Duration.ofHours(1),
        null,
        RetryPolicy.DEFAULT,
        null,
        PlannedTask.OnFailure.FAIL,
        Gates.NONE,
        PlannedTask.Defined.IN_DEFINITION);
  }
}
