package dev.holdfast.cli.workflow;

import dev.holdfast.cli.output.EventWords;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Events of executions. */
final class Events {
  /** Leaves out what has a column of its own, or is of no use to a reader. */
  static final EventWords WORDS =
      new EventWords(
          Set.of(
              "seq",
              "at",
              "type",
              "task",
              "by",
              "hash",
              "epoch",
              "commandId",
              "execution",
              "deadline",
              "definition",
              "version",
              "variables",
              "attributes",
              "session",
              "priority"));

  private static final Set<String> LAST =
      Set.of("ExecutionCompleted", "ExecutionFailed", "ExecutionCancelled", "ExecutionTimedOut");

  private Events() {}

  /** Whether nothing comes after an event of that type, unless the execution is retried. */
  static boolean isLast(@Nullable Object type) {
    return type != null && LAST.contains(type.toString());
  }
}
