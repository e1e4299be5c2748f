package dev.holdfast.core;

import dev.holdfast.api.SpawnedTask;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Tasks that results add, for tasks whose results may. */
public final class RandomSpawns {
  private RandomSpawns() {}

  /** What the task's result adds; good, but for a few. */
  public static List<SpawnedTask> next(
      RandomGenerator random, Plan plan, String task, boolean alwaysGood) {
    int index = plan.find(task);
    if (index < 0
        || !(plan.tasks().get(index).kind() instanceof PlannedTask.AgentTask agent)
        || agent.spawnMax() == 0) {
      return !alwaysGood && random.nextInt(100) == 0
          ? List.of(new SpawnedTask("odd", "agent", null, List.of()))
          : List.of();
    }
    var tasks = new ArrayList<SpawnedTask>();
    int count = random.nextInt(agent.spawnMax() + (alwaysGood ? 1 : 2));
    for (int i = 0; i < count; i++) {
      var needs = new ArrayList<String>();
      if (i > 0 && random.nextBoolean()) {
        needs.add(task + "_" + random.nextInt(alwaysGood ? i : count));
      }
      if (random.nextInt(5) == 0) {
        needs.add(plan.tasks().getFirst().id());
      }
      Object input = random.nextInt(3) == 0 ? null : "for " + i;
      tasks.add(new SpawnedTask(task + "_" + i, "agent", input, needs));
    }
    return tasks;
  }
}
