package dev.holdfast.core;

/** Why an attempt's lease was lost. */
public enum LeaseLoss {
  /** The worker's connection went away. */
  DISCONNECTED,
  /** No heartbeat came for as long as the task's {@code heartbeat} says. */
  HEARTBEAT,
  /** After a restart or a fail-over nobody claimed the attempt in time, or the worker denies it. */
  UNCLAIMED
}
