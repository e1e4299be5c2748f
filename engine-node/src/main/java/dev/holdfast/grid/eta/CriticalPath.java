package dev.holdfast.grid.eta;

import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Gate;
import dev.holdfast.core.Gates;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.PlannedTask.ForEachTask;
import dev.holdfast.core.PlannedTask.SwitchTask;
import dev.holdfast.core.PlannedTask.UnmannedTask;
import dev.holdfast.core.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The longest way through what is left of an execution (ADR 0036). A pure function of the state,
 * what is known of its tasks' durations, and the time. Medians add up along the way; so do the
 * squares of the distances from median to p90, whose root is the interval's width, as of durations
 * that have nothing to do with each other.
 */
final class CriticalPath {
  private static final double MEDIAN = 0.5;
  private static final double LATE = 0.9;

  /** A point in time from now: its median, in milliseconds, and the square of its spread. */
  private record Point(double median, double square) {
    static final Point NOW = new Point(0, 0);

    Point plus(Point more) {
      return new Point(median + more.median, square + more.square);
    }

    Point later(Point other) {
      return other.median > median || other.median == median && other.square > square
          ? other
          : this;
    }

    double late() {
      return median + Math.sqrt(square);
    }
  }

  private final ExecutionState state;
  private final TaskTimes times;
  private final Instant now;
  private final @Nullable Point[] ends;
  private long samples = Long.MAX_VALUE;
  private boolean unknown;

  private CriticalPath(ExecutionState state, TaskTimes times, Instant now) {
    this.state = state;
    this.times = times;
    this.now = now;
    this.ends = new Point[state.tasks().size()];
  }

  /**
   * The estimate; empty where it would be a guess: a task lies ahead that was never seen, or that
   * waits for a person or a signal; or the execution has ended.
   */
  static Optional<Estimate> of(ExecutionState state, TaskTimes times, Instant now) {
    return state.status().isEnded()
        ? Optional.empty()
        : new CriticalPath(state, times, now).estimate();
  }

  private Optional<Estimate> estimate() {
    Point last = Point.NOW;
    double late = 0;
    for (int i = 0; i < ends.length && !unknown; i++) {
      Point end = end(i);
      last = last.later(end);
      late = Math.max(late, end.late());
    }
    return unknown || samples == Long.MAX_VALUE
        ? Optional.empty()
        : Optional.of(new Estimate(last.median(), late, samples));
  }

  /** When the task with this index will have ended. */
  private Point end(int index) {
    Point known = ends[index];
    if (known == null) {
      PlannedTask planned = state.plan().tasks().get(index);
      known =
          planned.origin() instanceof PlannedTask.Item
                  || state.tasks().get(index).status().isEnded()
              ? Point.NOW
              : begin(planned).plus(own(planned, state.tasks().get(index)));
      ends[index] = known;
    }
    return known;
  }

  private Point begin(PlannedTask planned) {
    Point begin = Point.NOW;
    if (planned.origin() == PlannedTask.Hook.TEARDOWN) {
      for (int other = 0; other < ends.length; other++) {
        begin = other == planned.index() ? begin : begin.later(end(other));
      }
    }
    if (planned.needs().isEmpty() && !(planned.origin() instanceof PlannedTask.Hook)) {
      for (PlannedTask other : state.plan().tasks()) {
        begin = other.origin() == PlannedTask.Hook.SETUP ? end(other.index()) : begin;
      }
    }
    for (int need : planned.needs()) {
      begin = begin.later(end(need));
    }
    return begin;
  }

  private Point own(PlannedTask planned, TaskState task) {
    String name = TaskNames.of(state, planned);
    if (task.status() == TaskStatus.PENDING && task.gate() == null) {
      if (times.isMostlySkipped(name)) {
        return Point.NOW;
      }
      Gates gates = planned.gates();
      unknown |= gates.signal() != null || gates.approval() != null;
      Duration delay = gates.delay();
      Point carried = carriedOut(planned, task, name);
      return delay == null ? carried : carried.plus(new Point(delay.toMillis(), 0));
    }
    return waiting(planned, task).plus(carriedOut(planned, task, name));
  }

  /** What is left of its wait for a time; a wait for a person or a signal can't be told. */
  private Point waiting(PlannedTask planned, TaskState task) {
    if (task.retryAt() != null) {
      return until(task.retryAt());
    }
    if (task.status() != TaskStatus.PENDING && task.status() != TaskStatus.AWAITING_APPROVAL) {
      return Point.NOW;
    }
    return switch (task.gate()) {
      case Gate.Delayed gate -> {
        unknown |= planned.gates().signal() != null || planned.gates().approval() != null;
        yield until(gate.until());
      }
      case Gate.AwaitingSignal _ -> unknown();
      case Gate.AwaitingApproval _ -> unknown();
      case Gate.Decided _ -> Point.NOW;
      case null -> Point.NOW;
    };
  }

  private Point unknown() {
    unknown = true;
    return Point.NOW;
  }

  private Point until(Instant at) {
    return new Point(Math.max(0, Duration.between(now, at).toMillis()), 0);
  }

  private Point carriedOut(PlannedTask planned, TaskState task, String name) {
    if (planned.kind() instanceof SwitchTask || planned.kind() instanceof UnmannedTask) {
      return Point.NOW;
    }
    if (planned.kind() instanceof ForEachTask list && task.fanOut() != null) {
      return items(planned, list);
    }
    return left(name, elapsed(task));
  }

  private Point left(String name, double elapsedMillis) {
    TaskTimes.Times known = times.of(name);
    if (known == null) {
      return unknown();
    }
    samples = Math.min(samples, known.samples());
    double median = known.left(MEDIAN, elapsedMillis);
    double spread = known.left(LATE, elapsedMillis) - median;
    return new Point(median, spread * spread);
  }

  private double elapsed(TaskState task) {
    Attempt running = task.runningAttempt();
    return running == null ? 0 : Math.max(0, Duration.between(running.startedAt(), now).toMillis());
  }

  /** The items that are left go, in order, to whichever of the places is free first. */
  private Point items(PlannedTask list, ForEachTask kind) {
    var places = new PriorityQueue<Double>();
    String name = TaskNames.ofItems(list);
    double last = 0;
    double square = 0;
    int waiting = 0;
    for (PlannedTask item : state.plan().tasks()) {
      TaskState task = state.tasks().get(item.index());
      if (!(item.origin() instanceof PlannedTask.Item(int of, _))
          || of != list.index()
          || task.status().isEnded()) {
        continue;
      }
      if (task.status() == TaskStatus.PENDING) {
        waiting++;
        continue;
      }
      Point end = waiting(item, task).plus(left(name, elapsed(task)));
      places.add(end.median());
      last = Math.max(last, end.median());
      square = Math.max(square, end.square());
    }
    if (waiting > 0) {
      Point each = left(name, 0);
      square = Math.max(square, each.square());
      while (waiting-- > 0) {
        double free = places.size() < kind.concurrency() ? 0 : places.remove();
        places.add(free + each.median());
        last = Math.max(last, free + each.median());
      }
    }
    return new Point(last, square);
  }
}
