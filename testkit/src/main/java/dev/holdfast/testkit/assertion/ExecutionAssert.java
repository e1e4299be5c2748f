package dev.holdfast.testkit.assertion;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.JsonConversion;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.testkit.KitExecution;
import dev.holdfast.testkit.KitTask;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on an execution. A failure says what it waits for and what has happened to it. */
public final class ExecutionAssert extends AbstractAssert<ExecutionAssert, KitExecution> {
  public ExecutionAssert(KitExecution actual) {
    super(actual, ExecutionAssert.class);
  }

  /** It ended well. */
  public ExecutionAssert isCompleted() {
    return hasStatus(ExecutionStatus.COMPLETED);
  }

  /** It failed. */
  public ExecutionAssert isFailed() {
    return hasStatus(ExecutionStatus.FAILED);
  }

  /** It was cancelled. */
  public ExecutionAssert isCancelled() {
    return hasStatus(ExecutionStatus.CANCELLED);
  }

  /** It ran longer than it may. */
  public ExecutionAssert isTimedOut() {
    return hasStatus(ExecutionStatus.TIMED_OUT);
  }

  /** It has neither ended nor is it paused. */
  public ExecutionAssert isRunning() {
    return hasStatus(ExecutionStatus.RUNNING);
  }

  /** It is paused, and nothing runs any more. */
  public ExecutionAssert isPaused() {
    return hasStatus(ExecutionStatus.PAUSED);
  }

  /** It has this status. */
  public ExecutionAssert hasStatus(ExecutionStatus expected) {
    check(actual.status() == expected, "to be %s", expected);
    return this;
  }

  /**
   * Its output is this.
   *
   * @param expected a JSON value, or anything that Jackson writes as one
   */
  public ExecutionAssert hasOutput(@Nullable Object expected) {
    Object value = JsonConversion.of(expected);
    check(
        Objects.equals(actual.output(), value),
        "to have the output <%s>, but it is <%s>",
        value,
        actual.output());
    return this;
  }

  /** It failed, with an error of this type. */
  public ExecutionAssert hasError(String type) {
    TaskError error = actual.error();
    check(error != null && error.type().equals(type), "to have an error of type '%s'", type);
    return this;
  }

  /** One of its variables is this. */
  public ExecutionAssert hasVariable(String name, @Nullable Object expected) {
    Object value = JsonConversion.of(expected);
    check(
        actual.variables().containsKey(name) && Objects.equals(actual.variables().get(name), value),
        "to have the variable %s = <%s>, but they are %s",
        name,
        value,
        actual.variables());
    return this;
  }

  /** One of the things that it waits for is said in words that hold this. */
  public ExecutionAssert waitsFor(String words) {
    check(
        actual.waitingFor().stream().anyMatch(wait -> wait.contains(words)),
        "to wait for something with '%s'",
        words);
    return this;
  }

  /** The task completed. */
  public ExecutionAssert hasCompleted(String task) {
    return hasTask(task, TaskStatus.COMPLETED);
  }

  /** The task was skipped. */
  public ExecutionAssert hasSkipped(String task) {
    return hasTask(task, TaskStatus.SKIPPED);
  }

  /** The task failed. */
  public ExecutionAssert hasFailed(String task) {
    return hasTask(task, TaskStatus.FAILED);
  }

  /** The task has this status. */
  public ExecutionAssert hasTask(String task, TaskStatus expected) {
    KitTask found = actual.task(task);
    check(
        found.status() == expected,
        "to have task '%s' %s, but that is %s",
        task,
        expected,
        found.status());
    return this;
  }

  /** The task's output is this. */
  public ExecutionAssert hasTaskOutput(String task, @Nullable Object expected) {
    Object value = JsonConversion.of(expected);
    Object output = actual.task(task).output();
    check(
        Objects.equals(output, value),
        "to have the output <%s> of task '%s', but it is <%s>",
        value,
        task,
        output);
    return this;
  }

  /** The task failed with an error of this type. */
  public ExecutionAssert hasTaskError(String task, String type) {
    TaskError error = actual.task(task).error();
    check(
        error != null && error.type().equals(type),
        "to have an error of type '%s' of task '%s', but it is <%s>",
        type,
        task,
        error);
    return this;
  }

  /** The task had so many attempts, a running one included. */
  public ExecutionAssert hasAttempts(String task, int expected) {
    int attempts = actual.task(task).attempts();
    check(
        attempts == expected,
        "to have %d attempts of task '%s', but there were %d",
        expected,
        task,
        attempts);
    return this;
  }

  /** Assertions on what has happened to it. */
  public HistoryAssert history() {
    isNotNull();
    return new HistoryAssert(actual);
  }

  private void check(boolean holds, String expectation, @Nullable Object... values) {
    isNotNull();
    if (!holds) {
      throw failure(
          "%nExpecting execution '%s'%n  %s%nbut:%n%s",
          actual.id(), expectation.formatted(values), actual);
    }
  }
}
