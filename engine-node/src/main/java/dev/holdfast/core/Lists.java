package dev.holdfast.core;

import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.PlannedTask.ForEachTask;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Tasks with {@code forEach}: making a task of each item, beginning as many at once as may be, and
 * putting their outputs together.
 */
final class Lists {
  private static final String OTHER_FAILED = "another item failed the list";

  private Lists() {}

  /**
   * Makes the list's items tasks. None of them has begun yet.
   *
   * @throws UnusableException when there is no list, or too much of it
   */
  static void expand(Draft draft, PlannedTask task, ForEachTask kind) throws UnusableException {
    Object value = Evaluation.of("forEach", kind.items(), Scope.of(draft.fold().view()));
    if (!(value instanceof List<?> list)) {
      String elsewhere = LargeData.unreadable(value);
      throw Evaluation.failed(
          "forEach must be a list, but "
              + (elsewhere == null ? "is " + Evaluation.kindOf(value) : elsewhere));
    }
    if (list.size() > kind.maxItems()) {
      throw limit("%d items, maxItems is %d".formatted(list.size(), kind.maxItems()));
    }
    int tasks = draft.fold().taskCount() + list.size();
    if (tasks > Limits.TASKS_MAX) {
      throw limit(
          "%d items: the execution would have %d tasks, TASKS_MAX is %d"
              .formatted(list.size(), tasks, Limits.TASKS_MAX));
    }
    long bytes = Sizes.of(list);
    Evaluation.checkPayload("the list of items", bytes);
    Evaluation.checkState("the list of items", draft.fold().payloadBytes() + bytes);
    // A list of JSON values has values of any kind.
    @SuppressWarnings("unchecked")
    var items = (List<@Nullable Object>) list;
    draft.emit(new Event.TaskExpanded(task.id(), items));
  }

  private static UnusableException limit(String has) {
    return new UnusableException(new TaskError(ErrorTypes.LIMIT_EXCEEDED, "forEach has " + has));
  }

  /** Whether the task's items are known and it waits for them. */
  static boolean isOpen(Fold fold, int task) {
    return fold.is(task, TaskStatus.RUNNING) && fold.task(task).fanOut() != null;
  }

  /** Begins items as far as there is room; true when the task has ended with that. */
  static boolean tend(Draft draft, int task) {
    PlannedTask planned = draft.planned(task);
    int concurrency = ((ForEachTask) planned.kind()).concurrency();
    while (true) {
      FanOut fanOut = fanOut(draft, task);
      if (fanOut.open() == 0) {
        gather(draft, task);
        return true;
      }
      if (fanOut.failed() > 0 && planned.onFailure().isFatal()) {
        cancelOpen(draft, task);
        fail(draft, task);
        return true;
      }
      int item = fanOut.underWay() < concurrency ? firstWaiting(draft, task) : -1;
      if (item < 0) {
        return false;
      }
      begin(draft, item);
    }
  }

  private static void begin(Draft draft, int item) {
    PlannedTask planned = draft.planned(item);
    try {
      Passage.open(draft, planned, Inputs.of(draft, planned), null);
    } catch (UnusableException e) {
      Attempts.failTask(draft, item, e.error());
    }
  }

  private static int firstWaiting(Draft draft, int task) {
    FanOut fanOut = fanOut(draft, task);
    int first = draft.fold().plan().firstItem(task);
    for (int number = fanOut.next(); number < fanOut.count(); number++) {
      if (draft.fold().is(first + number, TaskStatus.PENDING)) {
        return first + number;
      }
    }
    return -1;
  }

  private static void gather(Draft draft, int task) {
    PlannedTask planned = draft.planned(task);
    long failed = failed(draft, task).count();
    boolean all = failed == fanOut(draft, task).count();
    if (failed > 0 && (all || planned.onFailure().isFatal())) {
      fail(draft, task);
      return;
    }
    Map<String, @Nullable Object> values;
    try {
      values = Results.values(draft, planned, draft.fold().outputs(task));
    } catch (UnusableException e) {
      Attempts.failTask(draft, task, e.error());
      return;
    }
    draft.emit(new Event.TaskGathered(planned.id()));
    if (!values.isEmpty()) {
      draft.emit(new Event.VariablesSet(planned.id(), values));
    }
  }

  /** The indices of the task's items. */
  private static IntStream items(Draft draft, int task) {
    int count = fanOut(draft, task).count();
    int first = count == 0 ? 0 : draft.fold().plan().firstItem(task);
    return IntStream.range(first, first + count);
  }

  private static IntStream failed(Draft draft, int task) {
    return items(draft, task).filter(item -> draft.fold().is(item, TaskStatus.FAILED));
  }

  private static void cancelOpen(Draft draft, int task) {
    items(draft, task)
        .filter(item -> !draft.fold().task(item).status().isEnded())
        .forEach(item -> Attempts.cancelTask(draft, item, OTHER_FAILED));
  }

  /** With the error of the first of its items that failed. */
  private static void fail(Draft draft, int task) {
    int item = failed(draft, task).findFirst().orElseThrow();
    String id = draft.planned(item).id();
    TaskError error = Objects.requireNonNull(draft.fold().task(item).error());
    var named = new TaskError(error.type(), id + ": " + error.message(), error.details());
    Attempts.failTask(draft, task, named);
  }

  private static FanOut fanOut(Draft draft, int task) {
    return Objects.requireNonNull(draft.fold().task(task).fanOut());
  }
}
