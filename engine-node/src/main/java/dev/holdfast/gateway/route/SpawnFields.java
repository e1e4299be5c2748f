package dev.holdfast.gateway.route;

import dev.holdfast.api.SpawnedTask;
import dev.holdfast.core.Limits;
import dev.holdfast.gateway.json.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads {@code spawn} of a result. */
final class SpawnFields {
  private static final Set<String> KNOWN = Set.of("id", "agent", "input", "needs");

  private SpawnFields() {}

  /** The tasks that the result adds; none when the field is not there. */
  static List<SpawnedTask> read(Fields result) {
    var spawn = new ArrayList<SpawnedTask>();
    for (Fields task : result.objects("spawn", KNOWN, Limits.TASKS_MAX)) {
      spawn.add(
          new SpawnedTask(
              task.required("id"),
              task.required("agent"),
              task.value("input"),
              task.value("needs") == null ? List.of() : task.names("needs", Limits.TASKS_MAX)));
    }
    return spawn;
  }
}
