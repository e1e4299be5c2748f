package dev.holdfast.core;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.SpawnedTask;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Random commands on an execution: most of them fitting its state, some of them not. */
final class RandomCommands {
  private final RandomGenerator random;
  private final List<Command> earlier = new ArrayList<>();
  private int commandIds;

  RandomCommands(RandomGenerator random) {
    this.random = random;
  }

  Command next(ExecutionState state) {
    Command command =
        !earlier.isEmpty() && random.nextInt(10) == 0
            ? earlier.get(random.nextInt(earlier.size()))
            : fresh(state);
    earlier.add(command);
    return command;
  }

  private Command fresh(ExecutionState state) {
    if (state.waitsForSlot() && random.nextBoolean()) {
      return new Command.GrantSlot(1, state.seq() - random.nextInt(10) / 9);
    }
    if (state.status() == ExecutionStatus.FAILED && random.nextInt(15) == 0) {
      return new Command.RetryExecution(id(), "ann", null);
    }
    int index = random.nextInt(state.tasks().size());
    for (int i = 0; i < 5 && !isOpen(state.tasks().get(index)); i++) {
      index = random.nextInt(state.tasks().size());
    }
    String task = state.plan().tasks().get(index).id();
    return switch (random.nextInt(40)) {
      case 0, 1 -> new Command.FireTimers();
      case 2 -> new Command.PauseExecution(id(), PauseMode.GRACEFUL, "ann", null);
      case 3 -> new Command.PauseExecution(id(), PauseMode.IMMEDIATE, "ann", null);
      case 4, 5, 6 -> new Command.ResumeExecution(id(), "ann", null, false);
      case 7 ->
          random.nextInt(4) == 0
              ? new Command.CancelExecution(id(), "ann", null)
              : new Command.FireTimers();
      case 9, 10 -> signal();
      case 11 -> follow(state);
      case 8 -> new Command.RetryExecution(id(), "ann", random.nextBoolean() ? null : task);
      default -> onTask(task, state.tasks().get(index), state.plan());
    };
  }

  private static boolean isOpen(TaskState task) {
    return task.status() == TaskStatus.READY
        || task.status() == TaskStatus.RUNNING
        || task.status() == TaskStatus.AWAITING_APPROVAL;
  }

  private Command onTask(String task, TaskState state, Plan plan) {
    if (random.nextInt(40) == 0
        || state.status() == TaskStatus.AWAITING_APPROVAL && random.nextInt(3) > 0) {
      return decide(task);
    }
    Attempt running = state.runningAttempt();
    if (plan.task(task).kind() instanceof PlannedTask.WorkflowTask && random.nextInt(20) > 0) {
      return ofChild(task, state);
    }
    if (running == null || random.nextInt(20) == 0) {
      return new Command.StartTask(task, random.nextLong(), "worker" + random.nextInt(3));
    }
    List<SpawnedTask> spawn = RandomSpawns.next(random, plan, task, false);
    int number = running.number();
    long nonce = running.nonce() + (random.nextInt(20) == 0 ? 1 : 0);
    return switch (random.nextInt(12)) {
      case 0 -> new Command.LoseLease(task, number, nonce, LeaseLoss.HEARTBEAT);
      case 1, 2 -> new Command.FailTask(task, number, nonce, error(), retryable(), retryAfter());
      default -> new Command.CompleteTask(task, number, nonce, output(), spawn);
    };
  }

  private Command ofChild(String task, TaskState state) {
    Attempt running = state.runningAttempt();
    if (running == null) {
      return new Command.StartChild(task, random.nextLong(), random.nextInt(3));
    }
    ChildReport report =
        switch (random.nextInt(8)) {
          case 0 -> new ChildReport.Failed(error());
          case 1 -> new ChildReport.NotStarted(error());
          case 2, 3, 4 -> new ChildReport.Paused();
          default -> new ChildReport.Completed(output());
        };
    return new Command.TellOfChild(task, running.number() - random.nextInt(10) / 9, report);
  }

  private Command follow(ExecutionState state) {
    ParentWish wish =
        switch (random.nextInt(12)) {
          case 0 -> new ParentWish.Cancel();
          case 1 -> new ParentWish.Release();
          case 2, 3, 4 ->
              new ParentWish.Pause(PauseMode.GRACEFUL, state.updatedAt().plusSeconds(3600));
          case 5 -> new ParentWish.Pause(PauseMode.IMMEDIATE, state.updatedAt().plusSeconds(60));
          default -> new ParentWish.Run();
        };
    return new Command.FollowParent(state.seq() - random.nextInt(5), wish, "ann", null);
  }

  private Command signal() {
    return new Command.SendSignal(id(), "go" + random.nextInt(3), output(), "shop");
  }

  private Command decide(String task) {
    List<String> roles = random.nextInt(4) == 0 ? List.of() : List.of("finance");
    Object output = random.nextInt(3) == 0 ? output() : null;
    return new Command.DecideApproval(
        id(), task, random.nextInt(4) > 0, "ann", roles, null, output);
  }

  private TaskError error() {
    return new TaskError(random.nextInt(5) == 0 ? "fatal" : "oops", "it went wrong");
  }

  private boolean retryable() {
    return random.nextInt(10) > 0;
  }

  private @Nullable Duration retryAfter() {
    return random.nextInt(5) == 0 ? Duration.ofMillis(random.nextInt(2000)) : null;
  }

  private @Nullable Object output() {
    return switch (random.nextInt(4)) {
      case 0 -> null;
      case 1 -> random.nextLong();
      case 2 -> Map.of("text", "x".repeat(random.nextInt(50)));
      default -> List.of(random.nextDouble(), "y");
    };
  }

  private String id() {
    return "command" + commandIds++;
  }
}
