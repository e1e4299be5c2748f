package dev.holdfast.core;

import dev.holdfast.api.TaskStatus;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a {@code switch} chose, as its output keeps it. */
final class Choices {
  /** The index of a switch's choice when no case held. */
  static final int NO_CASE = -1;

  private static final String CASE = "case";
  private static final String THEN = "then";

  private Choices() {}

  /** The output of a switch that chose so. */
  static Map<String, @Nullable Object> output(int chosenCase, List<String> then) {
    var output = new LinkedHashMap<String, @Nullable Object>();
    output.put(CASE, (long) chosenCase);
    output.put(THEN, List.copyOf(then));
    return Collections.unmodifiableMap(output);
  }

  /**
   * Whether the switch has decided against the task: other cases name it, but not the one taken.
   */
  static boolean excludes(PlannedTask.SwitchTask kind, TaskState decided, int task) {
    if (decided.status() != TaskStatus.COMPLETED) {
      return false;
    }
    int chosen = chosenCase(decided);
    boolean named = false;
    for (int i = 0; i < kind.cases().size(); i++) {
      if (kind.cases().get(i).then().contains(task)) {
        if (i == chosen) {
          return false;
        }
        named = true;
      }
    }
    return named;
  }

  private static int chosenCase(TaskState decided) {
    if (decided.output() instanceof Map<?, ?> output && output.get(CASE) instanceof Long chosen) {
      return chosen.intValue();
    }
    throw new IllegalStateException("not the output of a switch: " + decided.output());
  }
}
