package dev.holdfast.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finding fields of a task's input. */
public final class InputFields {
  private InputFields() {}

  /**
   * A field of the input as it travelled, or all of it.
   *
   * @param path names of fields, each within the one before
   * @throws TaskFailedException when there is no such field
   */
  public static @Nullable Object at(TaskContext task, String... path) {
    Object value = task.inputAsSent();
    for (String name : path) {
      if (!(value instanceof Map<?, ?> map) || !map.containsKey(name)) {
        throw TaskFailedException.permanent(
            "bad-input",
            "the input of task %s has no field %s".formatted(task.id(), String.join(".", path)));
      }
      value = map.get(name);
    }
    return value;
  }
}
