package dev.holdfast.node.chaos.history;

/** What a client saw, with the time it saw it at by {@link System#nanoTime()}. */
public sealed interface Fact {
  /** The execution that it is about. */
  String execution();

  /**
   * A call and its answer.
   *
   * @param detail status and code of the answer, or what went wrong, for a person
   */
  record Call(Asked asked, long askedNanos, long answeredNanos, Answer answer, String detail)
      implements Fact {
    @Override
    public String execution() {
      return asked.execution();
    }
  }

  /** An agent was handed an attempt. {@code worker}: the name it gave itself. */
  record Handed(String execution, String task, int attempt, String worker, long atNanos)
      implements Fact {}

  /** An event was read from an execution's history. */
  record Read(String execution, long seq, String hash, long atNanos) implements Fact {}

  /** An execution was seen to have ended. {@code seq}: of its last event; 0: that was not seen. */
  record End(String execution, String status, long seq, long atNanos) implements Fact {}

  /** An execution was said not to be there. {@code askedNanos}: when that question was asked. */
  record Denied(String execution, long askedNanos, String detail) implements Fact {}
}
