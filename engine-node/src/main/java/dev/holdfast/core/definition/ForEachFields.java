package dev.holdfast.core.definition;

import dev.holdfast.core.Limits;
import dev.holdfast.core.definition.TaskDraft.Carrier;
import dev.holdfast.core.definition.TaskDraft.ToAgent;
import dev.holdfast.core.definition.TaskDraft.ToEach;
import java.util.Set;

/** Reads {@code forEach} and what goes with it. */
final class ForEachFields {
  private static final Set<String> OF_LISTS = Set.of("concurrency", "maxItems");

  private ForEachFields() {}

  /** This for each item of a list, or this alone where there is no {@code forEach}. */
  static TaskDraft.Action read(FieldSet task, Carrier each) {
    Integer concurrency = task.integer("concurrency", 1, Limits.TASKS_MAX);
    Integer maxItems = task.integer("maxItems", 1, Limits.TASKS_MAX);
    SourceNode items = task.value("forEach");
    if (items == null) {
      task.misplaced(OF_LISTS, "has a meaning only with 'forEach'");
      return each;
    }
    if (each instanceof ToAgent) {
      task.misplaced(Set.of("spawn"), "has no meaning with 'forEach'");
    }
    return new ToEach(
        each,
        items,
        concurrency == null ? Limits.TASKS_MAX : concurrency,
        maxItems == null ? Limits.TASKS_MAX : maxItems);
  }
}
