package dev.holdfast.core;

import dev.holdfast.api.SpawnedTask;
import dev.holdfast.core.PlannedTask.AgentTask;
import dev.holdfast.core.PlannedTask.Defined;
import dev.holdfast.core.Rejection.Code;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the tasks that a result would add may be: they are held to what a definition is. */
final class Spawning {
  /** Mistakes named in one refusal. */
  private static final int NAMED_MAX = 10;

  private final ExecutionState state;
  private final PlannedTask by;
  private final Map<String, SpawnedTask> tasks = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  private Spawning(ExecutionState state, PlannedTask by) {
    this.state = state;
    this.by = by;
  }

  static boolean maySpawn(PlannedTask task) {
    return task.kind() instanceof AgentTask agent && agent.spawnMax() > 0;
  }

  /** Why the task with this index can't add these with its result; null: it can. */
  static @Nullable Decision refusal(
      ExecutionState state, int index, @Nullable Object output, List<SpawnedTask> spawn) {
    PlannedTask by = state.plan().tasks().get(index);
    Decision tooMuch = tooMuch(state, by, output, spawn);
    if (tooMuch != null) {
      return tooMuch;
    }
    var check = new Spawning(state, by);
    check.names(spawn);
    spawn.forEach(check::needs);
    if (check.problems.isEmpty()) {
      check.cycles(spawn);
    }
    if (check.problems.isEmpty()) {
      return null;
    }
    List<String> named = check.problems.subList(0, Math.min(check.problems.size(), NAMED_MAX));
    return Decider.rejected(
        Code.INVALID_SPAWN,
        "the attempt goes on: fail it, or add other tasks: " + String.join("; ", named));
  }

  private static @Nullable Decision tooMuch(
      ExecutionState state, PlannedTask by, @Nullable Object output, List<SpawnedTask> spawn) {
    if (!(by.kind() instanceof AgentTask agent) || agent.spawnMax() == 0) {
      return Decider.rejected(
          Code.INVALID_SPAWN,
          "task '%s' may add no tasks: its definition gives it no 'spawn'".formatted(by.id()));
    }
    if (spawn.size() > agent.spawnMax()) {
      return limit("%d tasks".formatted(spawn.size()), "spawn.max", agent.spawnMax());
    }
    int tasks = state.tasks().size() + spawn.size();
    if (tasks > Limits.TASKS_MAX) {
      return limit("tasks for an execution of %d".formatted(tasks), "TASKS_MAX", Limits.TASKS_MAX);
    }
    for (SpawnedTask task : spawn) {
      long bytes = Sizes.of(task.input());
      if (bytes > Limits.PAYLOAD_BYTES_MAX) {
        return limit(
            "an input of %d bytes".formatted(bytes), "PAYLOAD_BYTES_MAX", Limits.PAYLOAD_BYTES_MAX);
      }
    }
    // Each counts once as what was added and once more as the input of a task that waits or runs.
    long bytes = state.payloadBytes() + Sizes.of(output) + 2 * Sizes.ofSpawned(spawn);
    return bytes > Limits.STATE_BYTES_MAX
        ? limit(
            "inputs for an execution of %d bytes".formatted(bytes),
            "STATE_BYTES_MAX",
            Limits.STATE_BYTES_MAX)
        : null;
  }

  private static Decision limit(String what, String limit, long bound) {
    return Decider.rejected(
        Code.LIMIT_EXCEEDED,
        "the result would add %s, %s is %d; the attempt goes on: fail it or add less"
            .formatted(what, limit, bound));
  }

  private void names(List<SpawnedTask> spawn) {
    for (SpawnedTask task : spawn) {
      if (!Names.ID.matcher(task.id()).matches()) {
        problems.add("the id '%s' must match %s".formatted(shown(task.id()), Names.ID));
      } else if (state.plan().has(task.id()) || state.plan().reserve().has(task.id())) {
        problems.add("there is a task '%s' already".formatted(task.id()));
      } else if (tasks.put(task.id(), task) != null) {
        problems.add("'%s' is given twice".formatted(task.id()));
      }
      if (!Names.CAPABILITY.matcher(task.agent()).matches()) {
        problems.add(
            "the agent '%s' of '%s' must match %s"
                .formatted(shown(task.agent()), shown(task.id()), Names.CAPABILITY));
      }
    }
  }

  private static String shown(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "…";
  }

  private void needs(SpawnedTask task) {
    Set<String> seen = new HashSet<>();
    for (String need : task.needs()) {
      String problem = problem(need, seen);
      if (problem != null) {
        problems.add("'%s' can't need '%s': %s".formatted(shown(task.id()), shown(need), problem));
      }
    }
  }

  private @Nullable String problem(String need, Set<String> seen) {
    if (!seen.add(need)) {
      return "it is given twice";
    }
    int index = state.plan().find(need);
    if (tasks.containsKey(need)) {
      return null;
    }
    if (index < 0) {
      return "there is no such task";
    }
    if (!(state.plan().tasks().get(index).origin() instanceof Defined)) {
      return "it is neither of this result nor of the definition";
    }
    return followers().get(index) ? "it follows '%s' itself".formatted(by.id()) : null;
  }

  /** All tasks that come after the one whose result this is. */
  private BitSet followers() {
    var followers = new BitSet(state.tasks().size());
    var open = new ArrayDeque<>(by.successors());
    while (!open.isEmpty()) {
      int next = open.pop();
      if (!followers.get(next)) {
        followers.set(next);
        open.addAll(state.plan().tasks().get(next).successors());
      }
    }
    return followers;
  }

  /** Takes away, round by round, what waits for nothing; what is left then waits for itself. */
  private void cycles(List<SpawnedTask> spawn) {
    List<SpawnedTask> left = new ArrayList<>(spawn);
    Set<String> waiting = new HashSet<>(tasks.keySet());
    boolean found = true;
    while (found && !left.isEmpty()) {
      List<SpawnedTask> free =
          left.stream().filter(task -> task.needs().stream().noneMatch(waiting::contains)).toList();
      found = !free.isEmpty();
      left.removeAll(free);
      free.forEach(task -> waiting.remove(task.id()));
    }
    if (!left.isEmpty()) {
      problems.add(
          "the needs form a cycle: "
              + String.join(", ", left.stream().map(SpawnedTask::id).toList()));
    }
  }
}
