package dev.holdfast.core;

/** What was added to an execution's plan at run time. */
public sealed interface Growth {
  /** The task of the definition by which it came. */
  String task();

  /**
   * One task for each item of a {@code forEach} task's list: {@code lines[0]}, {@code lines[1]}.
   */
  record Items(String task, int count) implements Growth {}
}
