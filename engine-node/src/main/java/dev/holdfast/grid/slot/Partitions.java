package dev.holdfast.grid.slot;

/** Of which partitions this member knows all executions. Thread-safe. */
public interface Partitions {
  /** Whether it has taken the partition over, with all that there is of it, and still has it. */
  boolean isKnown(int partition);

  /** Another number whenever a partition has gone, or one of its executions is read again. */
  long changes();
}
