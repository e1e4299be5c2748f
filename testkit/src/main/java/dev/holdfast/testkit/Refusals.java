package dev.holdfast.testkit;

import dev.holdfast.api.ConflictException;
import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.InvalidRequestException;
import dev.holdfast.api.NotFoundException;
import dev.holdfast.api.ResumeRefusedException;
import dev.holdfast.api.UnavailableException;
import dev.holdfast.core.Rejection;
import dev.holdfast.core.Step;

/** Refused commands as the exceptions that the Java client throws. */
final class Refusals {
  private Refusals() {}

  /**
   * Passes what was not refused.
   *
   * @throws HoldfastException when it was
   */
  static void check(Step step) {
    if (step instanceof Step.Refused(var rejection)) {
      throw exception(rejection);
    }
  }

  private static HoldfastException exception(Rejection rejection) {
    String code = rejection.code().text();
    String message = rejection.message();
    return switch (rejection.code()) {
      case EXECUTION_NOT_FOUND, TASK_NOT_FOUND -> new NotFoundException(code, message);
      case CONCURRENCY_LIMIT, ID_CONFLICT, WRONG_STATE, STALE_ATTEMPT, TASK_NOT_READY ->
          new ConflictException(code, message);
      case RESUME_REFUSED -> new ResumeRefusedException(message, rejection.reasons());
      case INVALID_CONCURRENCY_KEY,
          INVALID_SPAWN,
          NOT_AWAITING_APPROVAL,
          NOT_AN_APPROVER,
          UNKNOWN_REFERENCE,
          LIMIT_EXCEEDED ->
          new InvalidRequestException(code, message);
      case STORE_UNAVAILABLE, NO_QUORUM, UNAVAILABLE, OVERLOADED ->
          new UnavailableException(code, message, null);
    };
  }
}
