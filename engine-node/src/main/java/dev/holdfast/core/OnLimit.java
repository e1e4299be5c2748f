package dev.holdfast.core;

/** What becomes of a new execution when all slots of its concurrency key are taken. */
public enum OnLimit {
  /** It waits for its turn, in the order in which executions began to wait. */
  QUEUE("queue"),
  /** It takes the place of the oldest, which is cancelled. */
  CANCEL_RUNNING("cancel-running"),
  /** It is not begun. */
  REFUSE("refuse");

  private final String text;

  OnLimit(String text) {
    this.text = text;
  }

  /** As it stands in definitions and answers. */
  public String text() {
    return text;
  }
}
