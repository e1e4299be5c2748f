package dev.holdfast.journal.codec;

import dev.holdfast.api.SpawnedTask;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.FanOut;
import dev.holdfast.core.Growth;
import dev.holdfast.core.Plan;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.TaskState;
import java.util.ArrayList;
import java.util.List;

/** What states have of tasks that came into being at run time. */
final class GrowthCodec {
  private static final int ITEMS = 1;
  private static final int SPAWNED = 2;
  private static final int COMPENSATIONS = 3;
  private static final int HOOKED = 4;

  private GrowthCodec() {}

  static void write(CborWriter out, List<Growth> growth) {
    out.array(growth.size());
    for (Growth each : growth) {
      switch (each) {
        case Growth.Items(String task, int count) -> {
          out.array(3);
          out.number(ITEMS);
          out.text(task);
          out.number(count);
          out.end();
        }
        case Growth.Hooked(PlannedTask.Hook hook) -> {
          out.array(2);
          out.number(HOOKED);
          out.number(Codes.HOOK.code(hook));
          out.end();
        }
        case Growth.Compensations(List<String> tasks) -> {
          out.array(2);
          out.number(COMPENSATIONS);
          out.texts(tasks);
          out.end();
        }
        case Growth.Spawned(String task, List<SpawnedTask> tasks) -> {
          out.array(3);
          out.number(SPAWNED);
          out.text(task);
          spawned(out, tasks);
          out.end();
        }
      }
    }
    out.end();
  }

  /** The plan with what was added to it; the array has begun. */
  static Plan read(CborReader in, Plan definition) {
    Plan plan = definition;
    while (in.beginArrayOrNullOrEnd()) {
      plan = plan.grown(growth(in));
      in.endArray();
    }
    return plan;
  }

  private static Growth growth(CborReader in) {
    int kind = in.integer();
    return switch (kind) {
      case ITEMS -> new Growth.Items(in.text(), in.integer());
      case HOOKED -> new Growth.Hooked(Codes.HOOK.constant(in.number()));
      case COMPENSATIONS -> new Growth.Compensations(in.texts());
      case SPAWNED -> new Growth.Spawned(in.text(), spawned(in));
      default -> throw new CodecException("unknown kind of growth: " + kind);
    };
  }

  static void spawned(CborWriter out, List<SpawnedTask> tasks) {
    out.array(tasks.size());
    for (SpawnedTask task : tasks) {
      out.array(4);
      out.text(task.id());
      out.text(task.agent());
      out.value(task.input());
      out.texts(task.needs());
      out.end();
    }
    out.end();
  }

  static List<SpawnedTask> spawned(CborReader in) {
    in.beginArray();
    var tasks = new ArrayList<SpawnedTask>();
    while (in.beginArrayOrNullOrEnd()) {
      tasks.add(new SpawnedTask(in.text(), in.text(), in.value(), in.texts()));
      in.endArray();
    }
    return tasks;
  }

  static void write(CborWriter out, FanOut fanOut) {
    out.array(5);
    out.number(fanOut.count());
    out.number(fanOut.next());
    out.number(fanOut.open());
    out.number(fanOut.underWay());
    out.number(fanOut.failed());
    out.end();
  }

  /** Of a task, whose array has begun. */
  static FanOut fanOut(CborReader in) {
    var fanOut = new FanOut(in.integer(), in.integer(), in.integer(), in.integer(), in.integer());
    in.endArray();
    return fanOut;
  }

  /** Gives the tasks whose items have all ended their output back. */
  static void gather(Plan plan, List<TaskState> tasks) {
    for (int i = 0; i < Math.min(tasks.size(), plan.tasks().size()); i++) {
      TaskState task = tasks.get(i);
      FanOut fanOut = task.fanOut();
      if (fanOut != null && task.status() == TaskStatus.COMPLETED) {
        tasks.set(i, task.withOutput(plan.outputs(i, fanOut.count(), tasks)));
      }
    }
  }
}
