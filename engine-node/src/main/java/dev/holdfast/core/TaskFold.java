package dev.holdfast.core;

import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.PlannedTask.Hook;
import dev.holdfast.core.PlannedTask.Item;
import dev.holdfast.core.PlannedTask.WorkflowTask;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a state that events are being folded into, with the plan that they are of and the
 * size of what is held. Copies the list of tasks once, at the first event that changes a task,
 * however many events follow. A class above {@link Fold} and not a part of it: one is made in every
 * transition.
 */
abstract sealed class TaskFold permits Fold {
  private ExecutionHeader header;
  private Plan plan;
  private List<TaskState> tasks;
  private TaskState @Nullable [] ownTasks;
  private int openTasks;
  private int runningTasks;
  private long payloadBytes;
  private List<String> undoable;

  TaskFold(ExecutionState from) {
    header = from.header();
    plan = header.plan();
    tasks = from.tasks();
    openTasks = from.openTasks();
    runningTasks = from.runningTasks();
    payloadBytes = from.payloadBytes();
    undoable = from.undoable();
  }

  /** Of an execution that begins. */
  TaskFold(ExecutionHeader header) {
    this.header = header;
    plan = header.plan();
    ownTasks = new TaskState[plan.tasks().size()];
    Arrays.fill(ownTasks, TaskState.PENDING);
    tasks = new TaskList(ownTasks);
    openTasks = tasks.size();
    undoable = List.of();
  }

  final Plan plan() {
    return plan;
  }

  final ExecutionHeader header() {
    return header;
  }

  final TaskState task(int index) {
    return tasks.get(index);
  }

  final int taskCount() {
    return tasks.size();
  }

  final int openTasks() {
    return openTasks;
  }

  final int runningTasks() {
    return runningTasks;
  }

  final List<String> undoable() {
    return undoable;
  }

  final long payloadBytes() {
    return payloadBytes;
  }

  /** The list that the next event writes to, until it is {@link #giveAway given away}. */
  final List<TaskState> tasks() {
    return tasks;
  }

  /** Whether the task's status is this one. */
  final boolean is(int index, TaskStatus taskStatus) {
    return task(index).status() == taskStatus;
  }

  /** What is changed from here on is changed in another copy. */
  final void giveAway() {
    ownTasks = null;
  }

  /** Counts what is held more from here on, in bytes. */
  final void weigh(long more) {
    payloadBytes += more;
  }

  final void readied(Event.TaskReadied e, Instant at) {
    int i = plan.indexOf(e.task());
    TaskState before = task(i);
    put(i, TaskSteps.readied(before, hold(i, before, e.input()), at));
    if (plan.tasks().get(i).origin() instanceof Item item) {
      count(item, fanOut(item.of()).begun(item.number()));
    }
  }

  final void approvalRequested(Event.ApprovalRequested e, Instant at) {
    int i = plan.indexOf(e.task());
    TaskState before = task(i);
    var gate = new Gate.AwaitingApproval(at, e.until());
    put(i, TaskSteps.approvalRequested(before, hold(i, before, e.input()), gate));
  }

  /** What the task holds as its input from now on, by an event's; counts its size. */
  private @Nullable Object hold(int index, TaskState before, @Nullable Object input) {
    if (plan.tasks().get(index).input() == null) {
      return header.input();
    }
    payloadBytes += Sizes.of(input) - Sizes.of(before.input());
    return input;
  }

  final void started(Event.TaskStarted e, Instant at) {
    int i = plan.indexOf(e.task());
    var attempt =
        new Attempt(e.attempt(), e.nonce(), e.worker(), at, e.deadline(), null, null, null);
    put(i, TaskSteps.started(task(i), attempt));
    runningTasks++;
  }

  final void childStarted(Event.ChildStarted e, Instant at) {
    int i = plan.indexOf(e.task());
    var attempt =
        new Attempt(
            e.attempt(),
            e.nonce(),
            e.version() == 0 ? e.definition() : e.definition() + " v" + e.version(),
            at,
            e.deadline(),
            null,
            null,
            null,
            new ChildRun(e.child(), e.version(), false));
    put(i, TaskSteps.started(task(i), attempt));
    runningTasks++;
  }

  final Attempt runningOn(int task) {
    Attempt running = task(task).runningAttempt();
    if (running == null) {
      throw new IllegalStateException(plan.tasks().get(task).id() + " is not running");
    }
    return running;
  }

  final void completed(Event.TaskCompleted e, Instant at) {
    int i = plan.indexOf(e.task());
    end(i, TaskSteps.completed(task(i), e.attempt(), e.output(), at));
    runningTasks--;
  }

  final void attemptFailed(Event.AttemptFailed e, Instant at) {
    int i = plan.indexOf(e.task());
    put(i, TaskSteps.attemptFailed(task(i), e.attempt(), e.outcome(), e.error(), at));
    runningTasks--;
  }

  final void retryScheduled(Event.TaskRetryScheduled e) {
    int i = plan.indexOf(e.task());
    put(i, TaskSteps.retryScheduled(task(i), e.retryAt()));
  }

  final void requeued(Event.TaskRequeued e, Instant at) {
    int i = plan.indexOf(e.task());
    put(i, TaskSteps.requeued(task(i), at));
  }

  final void skipped(Event.TaskSkipped e) {
    int i = plan.indexOf(e.task());
    end(i, TaskSteps.skipped(task(i)));
  }

  final void cancelled(Event.TaskCancelled e) {
    int i = plan.indexOf(e.task());
    end(i, TaskSteps.cancelled(task(i)));
  }

  final void expanded(Event.TaskExpanded e, Instant at) {
    int i = plan.indexOf(e.task());
    put(i, TaskSteps.expanded(task(i), e.items(), at));
    payloadBytes += Sizes.of(e.items());
    if (!e.items().isEmpty()) {
      grow(new Growth.Items(e.task(), e.items().size()));
      numberItems(i);
    }
  }

  /** Where the list's items were others before, their attempts' numbers go on. */
  private void numberItems(int list) {
    int used = task(list).attemptCount();
    if (used > 0) {
      int first = plan.firstItem(list);
      for (int item = first; item < first + fanOut(list).count(); item++) {
        put(item, TaskSteps.item(used));
      }
    }
  }

  /**
   * The highest number that an attempt of the task has had, or of its items if other executions
   * carry these out: a child's id is never used again. Agents know attempts by their nonces.
   */
  private int attemptsUsed(int index) {
    TaskState task = task(index);
    FanOut fanOut = task.fanOut();
    int used = task.attemptCount();
    if (fanOut != null && plan.tasks().get(index).carrier() instanceof WorkflowTask) {
      for (int number = 0; number < fanOut.count(); number++) {
        used = Math.max(used, task(plan.firstItem(index) + number).attemptCount());
      }
    }
    return used;
  }

  final void gathered(Event.TaskGathered e) {
    int i = plan.indexOf(e.task());
    end(i, TaskSteps.gathered(task(i), outputs(i)));
  }

  /** The outputs of a task's items in the list's order; null for those that failed. */
  final List<@Nullable Object> outputs(int task) {
    return plan.outputs(task, fanOut(task).count(), tasks);
  }

  /** Time stood still for so long for what waits at a gate, and for children. */
  final void goOn(Duration pause) {
    for (int i = 0; i < tasks.size(); i++) {
      TaskState task = task(i);
      Gate gate = task.gate();
      if (gate != null && !task.status().isEnded() && gate.due() != null) {
        put(i, TaskSteps.later(task, gate, pause));
      }
      Attempt running = task(i).runningAttempt();
      if (running != null && running.child() != null) {
        put(i, TaskSteps.childIs(task(i), false, running.deadline().plus(pause)));
      }
    }
  }

  /** The hook's task, which may have run before, is to be run. */
  final void begin(Hook hook) {
    int i = plan.find(hook.id());
    if (i < 0) {
      grow(new Growth.Hooked(hook));
    } else {
      payloadBytes -= bytes(i, task(i));
      put(i, TaskSteps.reset(task(i)));
      openTasks++;
    }
  }

  /** Those tasks of an execution that failed begin anew. */
  final void beginAnew(List<String> ids) {
    Set<String> again = Set.copyOf(ids);
    Set<String> reopened = Regrowth.reopened(plan, again, this::task);
    for (String task : ids) {
      int i = plan.indexOf(task);
      if (!reopened.contains(task)) {
        payloadBytes -= bytes(i, task(i));
        put(i, TaskSteps.reset(task(i), attemptsUsed(i)));
      }
      openTasks++;
    }
    for (String task : reopened) {
      int i = plan.indexOf(task);
      put(i, TaskSteps.reopened(task(i), openItems(i)));
    }
    shrink(Regrowth.kept(plan, again, reopened));
    undoable = undoable.stream().filter(id -> !again.contains(id) && plan.has(id)).toList();
  }

  /** How far a task is whose items have begun anew, some of them. */
  private FanOut openItems(int task) {
    int count = fanOut(task).count();
    int open = 0;
    for (int number = 0; number < count; number++) {
      open += is(plan.firstItem(task) + number, TaskStatus.PENDING) ? 1 : 0;
    }
    return new FanOut(count, 0, open, 0, 0);
  }

  /** Forgets the tasks that are not in the plan when this alone is left of what was added. */
  private void shrink(List<Growth> kept) {
    if (kept.size() == plan.growth().size()) {
      return;
    }
    Plan before = plan;
    Plan after = plan.regrown(kept);
    payloadBytes += after.spawnedBytes() - before.spawnedBytes();
    var left = new TaskState[after.tasks().size()];
    for (PlannedTask planned : before.tasks()) {
      int to = after.find(planned.id());
      if (to >= 0) {
        left[to] = task(planned.index());
      } else {
        payloadBytes -= bytes(planned.index(), task(planned.index()));
      }
    }
    plan(after);
    own(left);
  }

  final void grow(Growth more) {
    plan(plan.grown(more));
    TaskState[] longer = Arrays.copyOf(TaskList.copyOf(tasks), plan.tasks().size());
    Arrays.fill(longer, tasks.size(), longer.length, TaskState.PENDING);
    openTasks += longer.length - tasks.size();
    own(longer);
  }

  private void plan(Plan changed) {
    plan = changed;
    header = header.withPlan(changed);
  }

  /** How far a task is with its items, of which it has some. */
  private FanOut fanOut(int task) {
    FanOut fanOut = task(task).fanOut();
    if (fanOut == null) {
      throw new IllegalStateException(plan.tasks().get(task).id() + " has no items");
    }
    return fanOut;
  }

  private void count(Item item, FanOut counted) {
    put(item.of(), TaskSteps.counted(task(item.of()), counted));
  }

  final void end(int index, TaskState ended) {
    TaskState before = task(index);
    PlannedTask planned = plan.tasks().get(index);
    payloadBytes += bytes(index, ended) - Sizes.ofInput(planned, before);
    put(index, ended);
    openTasks--;
    if (ended.status() == TaskStatus.COMPLETED && plan.compensation(planned) != null) {
      undoable = Newest.appended(undoable, planned.id(), Integer.MAX_VALUE);
    }
    if (planned.origin() instanceof Item item) {
      boolean wasUnderWay = before.status() != TaskStatus.PENDING;
      boolean hasFailed = ended.status() == TaskStatus.FAILED;
      count(item, fanOut(item.of()).ended(item.number(), wasUnderWay, hasFailed));
    }
  }

  /** What the task counts for. */
  private long bytes(int index, TaskState task) {
    PlannedTask planned = plan.tasks().get(index);
    return Sizes.ofOutput(planned, task) + Sizes.ofInput(planned, task);
  }

  final void put(int index, TaskState task) {
    TaskState[] own = ownTasks;
    if (own == null) {
      own = TaskList.copyOf(tasks);
      own(own);
    }
    own[index] = task;
  }

  private void own(TaskState[] own) {
    ownTasks = own;
    tasks = new TaskList(own);
  }
}
