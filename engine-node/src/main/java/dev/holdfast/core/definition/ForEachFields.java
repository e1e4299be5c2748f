package dev.holdfast.core.definition;

import dev.holdfast.core.Limits;
import dev.holdfast.core.definition.TaskDraft.Carrier;
import dev.holdfast.core.definition.TaskDraft.ToAgent;
import dev.holdfast.core.definition.TaskDraft.ToEach;
import java.util.List;

/** Reads {@code forEach} and what goes with it. */
final class ForEachFields {
  private ForEachFields() {}

  /** This for each item of a list, or this alone where there is no {@code forEach}. */
  static TaskDraft.Action read(FieldSet task, Carrier each) {
    Integer concurrency = task.integer("concurrency", 1, Limits.TASKS_MAX);
    Integer maxItems = task.integer("maxItems", 1, Limits.TASKS_MAX);
    SourceNode items = task.value("forEach");
    if (items == null) {
      for (String field : List.of("concurrency", "maxItems")) {
        if (task.has(field)) {
          task.problem(field, "'" + field + "' has a meaning only with 'forEach'");
        }
      }
      return each;
    }
    if (each instanceof ToAgent && task.has("spawn")) {
      task.problem("spawn", "'spawn' has no meaning with 'forEach'");
    }
    return new ToEach(
        each,
        items,
        concurrency == null ? Limits.TASKS_MAX : concurrency,
        maxItems == null ? Limits.TASKS_MAX : maxItems);
  }
}
