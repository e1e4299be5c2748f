package dev.holdfast.core;

/** The types of those {@code TaskError}s that the engine itself gives. */
public final class ErrorTypes {
  /** An expression failed on the values that it was given. */
  public static final String EXPRESSION = "expression-error";

  /** The execution's output does not fit the definition's schema for it. */
  public static final String OUTPUT_SCHEMA = "output-schema";

  /** An attempt ran past its time-out. */
  public static final String TIMEOUT = "timeout";

  /** An attempt's worker went away; of a task: too often. */
  public static final String LEASE_LOST = "lease-lost";

  /** An attempt was taken back. */
  public static final String REVOKED = "revoked";

  /** A bound of {@link Limits} was passed; the message names it. */
  public static final String LIMIT_EXCEEDED = "limit-exceeded";

  /** The execution ran longer than it may. */
  public static final String WORKFLOW_TIMEOUT = "workflow-timeout";

  /** A person rejected a task that awaited approval. */
  public static final String REJECTED = "rejected";

  /** Nobody decided in time on a task that awaited approval. */
  public static final String APPROVAL_EXPIRED = "approval-expired";

  /** No signal came in time for a task that waited for one. */
  public static final String SIGNAL_TIMEOUT = "signal-timeout";

  /** The execution that carried an attempt out was cancelled. */
  public static final String CHILD_CANCELLED = "child-cancelled";

  /** The execution that was to carry an attempt out could not be started. */
  public static final String CHILD_NOT_STARTED = "child-not-started";

  /**
   * The execution that was to carry an attempt out found all slots of its concurrency key taken.
   */
  public static final String CONCURRENCY_LIMIT = "concurrency-limit";

  private ErrorTypes() {}
}
