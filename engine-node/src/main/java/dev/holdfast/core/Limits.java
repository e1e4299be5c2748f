package dev.holdfast.core;

import java.time.Duration;

/** The bounds of DESIGN §6 and of the hot path's structures, each with its default. */
public final class Limits {
  /** Executions above one another, by tasks that are workflows, at most: the first not counted. */
  public static final int CHILD_DEPTH_MAX = 8;

  /** Tasks of one execution, at most. */
  public static final int TASKS_MAX = 1000;

  /** One execution's state in bytes, at most; a transition that would pass it fails. */
  public static final long STATE_BYTES_MAX = 10L << 20;

  /** From this size on an execution is told to be near {@link #STATE_BYTES_MAX}: 80 % of it. */
  public static final long STATE_BYTES_LARGE = STATE_BYTES_MAX / 10 * 8;

  /** One input, output or set of variables in bytes, at most. */
  public static final long PAYLOAD_BYTES_MAX = 1L << 20;

  /** An error's message in characters; longer ones are cut. */
  public static final int ERROR_CHARS_MAX = 4096;

  /** An error's details in bytes; larger ones are left out, and the message says so. */
  public static final int ERROR_DETAILS_BYTES_MAX = 16 << 10;

  /** One value that a decision was made on, in bytes; of a larger one the history has the size. */
  public static final int DECISION_VALUE_BYTES_MAX = 1024;

  /** A definition's text in bytes, at most. */
  public static final int DEFINITION_BYTES_MAX = 1 << 20;

  /** One {@code ${…}} in characters, at most. */
  public static final int EXPRESSION_CHARS_MAX = 4096;

  /** Iterations of all comprehensions of one expression, at most. */
  public static final int EXPRESSION_ITERATIONS_MAX = 10_000;

  /** Nesting of one expression, at most. */
  public static final int EXPRESSION_DEPTH_MAX = 64;

  /** <code>${…}</code> of one definition, at most: compiling each takes about a millisecond. */
  public static final int EXPRESSIONS_MAX = 10_000;

  /** Nodes of one expression's syntax tree, macros expanded, at most. */
  public static final int EXPRESSION_NODES_MAX = 2000;

  /** Work of one evaluation in units of about a byte looked at or written, at most. */
  public static final long EXPRESSION_WORK_MAX = 32L << 20;

  /** Levels of lists and maps in a definition, at most. */
  public static final int DEFINITION_DEPTH_MAX = 64;

  /** Errors reported for one definition, at most. */
  public static final int DEFINITION_ERRORS_MAX = 100;

  /** {@code retry.maxAttempts}, at most. */
  public static final int ATTEMPTS_MAX = 100;

  /** Attempts kept in a task's state; the history has all of them. */
  public static final int ATTEMPTS_KEPT_MAX = 10;

  /** Leases of one task that may be lost before the task fails. */
  public static final int LEASE_LOSSES_MAX = 10;

  /** Control commands remembered to recognise repeats. */
  public static final int RECENT_COMMANDS_MAX = 16;

  /** Executions with the same concurrency key that may run at once, at most. */
  public static final int SLOTS_MAX = 1000;

  /** Signals that one execution keeps until tasks take them, at most. */
  public static final int SIGNALS_KEPT_MAX = 100;

  /** What one signal brings, in bytes, at most. */
  public static final int SIGNAL_BYTES_MAX = 64 << 10;

  /** Ids of signals remembered to recognise repeats. */
  public static final int SIGNALS_SEEN_MAX = 256;

  /** Attributes of one execution, at most. */
  public static final int ATTRIBUTES_MAX = 32;

  /**
   * One attribute's key or value, a session, a reason or a worker's name in characters, at most.
   */
  public static final int LABEL_CHARS_MAX = 256;

  /** Time-out, back-off and heartbeat, at most. */
  public static final Duration DURATION_MAX = Duration.ofDays(366);

  public static final Duration WORKFLOW_TIMEOUT = Duration.ofHours(24);
  public static final Duration TASK_TIMEOUT = Duration.ofHours(1);

  /** How long a teardown may take, with all its attempts. */
  public static final Duration TEARDOWN_TIMEOUT = Duration.ofMinutes(10);

  public static final Duration AUTO_RESUME_AFTER = Duration.ofHours(24);

  /** How long ended executions are kept. */
  public static final Duration RETENTION = Duration.ofDays(90);

  /**
   * Times of a schedule that wait for what runs to end, and that are made good at once, at most.
   */
  public static final int SCHEDULE_WAITING_MAX = 100;

  /** Times of which the same became and that are counted; of more it isn't said how many. */
  public static final int SCHEDULE_COUNTED_MAX = 1000;

  /** What became of a schedule's times: so many are in its state; its history has all of them. */
  public static final int SCHEDULE_RECENT_MAX = 20;

  /** What a schedule gives to every execution, in bytes, at most. */
  public static final int SCHEDULE_INPUT_BYTES_MAX = 64 << 10;

  /** How long after its time an execution may still be begun. */
  public static final Duration CATCH_UP_MIN = Duration.ofSeconds(1);

  public static final Duration CATCH_UP_MAX = Duration.ofDays(31);

  /** Page of a list or a history: default and at most. */
  public static final int PAGE_DEFAULT = 50;

  public static final int PAGE_MAX = 1000;

  private Limits() {}
}
