package dev.holdfast.core;

import dev.holdfast.api.TaskError;
import org.jspecify.annotations.Nullable;

/** What a parent is told of its child. */
public sealed interface ChildReport {
  /** It ended well. */
  record Completed(@Nullable Object output) implements ChildReport {}

  /** It ended otherwise. */
  record Failed(TaskError error) implements ChildReport {}

  /** It can't be started, and couldn't be by another attempt. */
  record NotStarted(TaskError error) implements ChildReport {}

  /** It is PAUSED. */
  record Paused() implements ChildReport {}
}
