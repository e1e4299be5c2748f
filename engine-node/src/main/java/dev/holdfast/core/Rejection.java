package dev.holdfast.core;

import dev.holdfast.api.ResumeReason;
import dev.holdfast.api.ResumeRefusedException;
import java.util.List;

/**
 * A refusal that the caller can expect.
 *
 * @param code stable; programs go by it
 * @param message for a person: what is wrong and how to put it right
 * @param reasons every single one, where an execution is not resumed; empty otherwise
 */
public record Rejection(Code code, String message, List<ResumeReason> reasons) {
  public Rejection {
    reasons = List.copyOf(reasons);
  }

  /** One that needs no further reasons. */
  public Rejection(Code code, String message) {
    this(code, message, List.of());
  }

  /** Why. The text form is the {@code code} of a problem+json answer. */
  public enum Code {
    /** No execution of that id in this tenant. */
    EXECUTION_NOT_FOUND("execution-not-found"),
    /** The id belongs to an execution that was started by another request. */
    ID_CONFLICT("id-conflict"),
    /** The execution has no task of that id. */
    TASK_NOT_FOUND("task-not-found"),
    /** The token is not that of the attempt that is running now. */
    STALE_ATTEMPT("stale-attempt"),
    /** The execution's status forbids it. */
    WRONG_STATE("wrong-state"),
    /** Something speaks against going on after a pause. */
    RESUME_REFUSED(ResumeRefusedException.CODE),
    /** The task is not waiting for an agent. */
    TASK_NOT_READY("task-not-ready"),
    /** The tasks that a result would add don't fit. */
    INVALID_SPAWN("invalid-spawn"),
    /** The task is not waiting for a person's decision. */
    NOT_AWAITING_APPROVAL("not-awaiting-approval"),
    /** The task is for other people to decide on. */
    NOT_AN_APPROVER("not-an-approver"),
    /** As many executions as may run with its concurrency key have a slot already. */
    CONCURRENCY_LIMIT("concurrency-limit"),
    /** The definition's {@code concurrencyKey} gives nothing that can be one. */
    INVALID_CONCURRENCY_KEY("invalid-concurrency-key"),
    /** A value refers to data that is not there. */
    UNKNOWN_REFERENCE("unknown-reference"),
    /** It would carry the execution past a bound of {@link Limits}. */
    LIMIT_EXCEEDED("limit-exceeded"),
    /** The store does not take anything at the moment. */
    STORE_UNAVAILABLE("store-unavailable"),
    /** Too few members see each other, or they have not yet agreed on who goes on. */
    NO_QUORUM("no-quorum"),
    /** The node is starting or shutting down. */
    UNAVAILABLE("unavailable"),
    /** Too much work is waiting already. */
    OVERLOADED("overloaded");

    private final String text;

    Code(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }

    /**
     * Whether it says nothing of the execution: no command is taken at the moment, and the same one
     * may be a while later.
     */
    public boolean isPassing() {
      return switch (this) {
        case STORE_UNAVAILABLE, NO_QUORUM, UNAVAILABLE, OVERLOADED -> true;
        case EXECUTION_NOT_FOUND,
            ID_CONFLICT,
            CONCURRENCY_LIMIT,
            INVALID_CONCURRENCY_KEY,
            TASK_NOT_FOUND,
            STALE_ATTEMPT,
            WRONG_STATE,
            RESUME_REFUSED,
            TASK_NOT_READY,
            INVALID_SPAWN,
            NOT_AWAITING_APPROVAL,
            NOT_AN_APPROVER,
            UNKNOWN_REFERENCE,
            LIMIT_EXCEEDED ->
            false;
      };
    }
  }
}
