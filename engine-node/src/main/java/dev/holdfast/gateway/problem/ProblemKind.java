package dev.holdfast.gateway.problem;

import dev.holdfast.api.ResumeRefusedException;
import dev.holdfast.core.Rejection;

/** Every way in which a call is refused: its stable code, its status and what it is called. */
public enum ProblemKind {
  MALFORMED_JSON(400, "malformed-json", "The body is not well-formed JSON"),
  NESTED_TOO_DEEP(400, "nested-too-deep", "The body is nested too deep"),
  INVALID_REQUEST(400, "invalid-request", "The request has errors"),
  INVALID_TOKEN(400, "invalid-token", "The text is not a task token"),
  NOT_AN_APPROVER(403, "not-an-approver", "Others decide on this task"),
  NOT_FOUND(404, "not-found", "There is nothing at this address"),
  DEFINITION_NOT_FOUND(404, "definition-not-found", "No such definition"),
  EXECUTION_NOT_FOUND(404, "execution-not-found", "No such execution"),
  TASK_NOT_FOUND(404, "task-not-found", "No such task"),
  SCHEDULE_NOT_FOUND(404, "schedule-not-found", "No such schedule"),
  BLOB_NOT_FOUND(404, "blob-not-found", "No such blob"),
  METHOD_NOT_ALLOWED(405, "method-not-allowed", "The address does not take this method"),
  ID_CONFLICT(409, "id-conflict", "The id belongs to another request"),
  STALE_ATTEMPT(409, "stale-attempt", "The token is not that of the running attempt"),
  WRONG_STATE(409, "wrong-state", "The execution's status forbids it"),
  RESUME_REFUSED(409, ResumeRefusedException.CODE, "Something speaks against going on"),
  TASK_NOT_READY(409, "task-not-ready", "The task does not wait for an agent"),
  NOT_AWAITING_APPROVAL(409, "not-awaiting-approval", "The task does not wait for a decision"),
  CONCURRENCY_LIMIT(409, "concurrency-limit", "All slots of the concurrency key are taken"),
  BODY_TOO_LARGE(413, "body-too-large", "The body is too large"),
  RANGE_NOT_SATISFIABLE(416, "range-not-satisfiable", "The blob has nothing of that range"),
  UNSUPPORTED_MEDIA_TYPE(415, "unsupported-media-type", "The Content-Type is not supported"),
  INVALID_DEFINITION(422, "invalid-definition", "The definition has errors"),
  INVALID_INPUT(422, "invalid-input", "The input does not fit the definition's schema"),
  INVALID_SCHEDULE(422, "invalid-schedule", "The schedule has errors"),
  NOT_SUPPORTED(422, "not-supported", "Not yet supported"),
  INVALID_SPAWN(422, "invalid-spawn", "The result can't add these tasks"),
  BLOB_MISMATCH(422, "blob-mismatch", "The content does not have that SHA-256"),
  INVALID_CONCURRENCY_KEY(
      422, "invalid-concurrency-key", "The definition's concurrencyKey gives no key"),
  UNKNOWN_REFERENCE(422, "unknown-reference", "A value refers to data that is not there"),
  LIMIT_EXCEEDED(422, "limit-exceeded", "It would pass a limit"),
  OVERLOADED(429, "overloaded", "Too much work is waiting already"),
  INTERNAL(500, "internal-error", "Something went wrong inside the node"),
  STORE_UNAVAILABLE(503, "store-unavailable", "The store takes nothing at the moment"),
  NO_QUORUM(503, "no-quorum", "Too few members see each other"),
  UNAVAILABLE(503, "unavailable", "The node takes no calls at the moment"),
  OUTCOME_UNKNOWN(503, "outcome-unknown", "The store did not confirm in time");

  private final int status;
  private final String code;
  private final String title;

  ProblemKind(int status, String code, String title) {
    this.status = status;
    this.code = code;
    this.title = title;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** What programs go by. */
  public String code() {
    return code;
  }

  /** The same for every problem of the kind. */
  public String title() {
    return title;
  }

  /** Whether the same request may succeed a moment later: {@code Retry-After} is sent. */
  public boolean isRetryable() {
    return status == 429 || status == 503;
  }

  /** What the core's refusals are on the outside. */
  public static ProblemKind of(Rejection.Code code) {
    return switch (code) {
      case EXECUTION_NOT_FOUND -> EXECUTION_NOT_FOUND;
      case ID_CONFLICT -> ID_CONFLICT;
      case TASK_NOT_FOUND -> TASK_NOT_FOUND;
      case STALE_ATTEMPT -> STALE_ATTEMPT;
      case WRONG_STATE -> WRONG_STATE;
      case RESUME_REFUSED -> RESUME_REFUSED;
      case TASK_NOT_READY -> TASK_NOT_READY;
      case INVALID_SPAWN -> INVALID_SPAWN;
      case NOT_AWAITING_APPROVAL -> NOT_AWAITING_APPROVAL;
      case NOT_AN_APPROVER -> NOT_AN_APPROVER;
      case CONCURRENCY_LIMIT -> CONCURRENCY_LIMIT;
      case INVALID_CONCURRENCY_KEY -> INVALID_CONCURRENCY_KEY;
      case UNKNOWN_REFERENCE -> UNKNOWN_REFERENCE;
      case LIMIT_EXCEEDED -> LIMIT_EXCEEDED;
      case STORE_UNAVAILABLE -> STORE_UNAVAILABLE;
      case NO_QUORUM -> NO_QUORUM;
      case UNAVAILABLE -> UNAVAILABLE;
      case OVERLOADED -> OVERLOADED;
    };
  }
}
