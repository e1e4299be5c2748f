package dev.holdfast.core;

import dev.holdfast.api.TaskError;

/** A value could not be made, or can't be taken; caught where it becomes a task's failure. */
final class UnusableException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient TaskError error;

  UnusableException(TaskError error) {
    super(error.message(), null, false, false);
    this.error = error;
  }

  TaskError error() {
    return error;
  }
}
