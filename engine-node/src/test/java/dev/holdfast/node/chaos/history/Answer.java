package dev.holdfast.node.chaos.history;

/** What a client knows after a call. */
public enum Answer {
  /** Done, and durable. */
  OK,
  /** Refused: this call changed nothing. */
  REFUSED,
  /** No answer, or one that leaves it open: it may have been done, or still be. */
  UNKNOWN
}
