package dev.holdfast.gateway.problem;

import dev.holdfast.api.ResumeReason;
import dev.holdfast.core.Rejection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One refusal.
 *
 * @param detail what is wrong this time and how to put it right
 * @param errors every single error, where there can be several
 * @param reasons for which an execution was not resumed
 */
public record Problem(
    ProblemKind kind, String detail, List<Fault> errors, List<ResumeReason> reasons) {
  public Problem {
    errors = List.copyOf(errors);
    reasons = List.copyOf(reasons);
  }

  public Problem(ProblemKind kind, String detail) {
    this(kind, detail, List.of());
  }

  public Problem(ProblemKind kind, String detail, List<Fault> errors) {
    this(kind, detail, errors, List.of());
  }

  /** The core's refusal on the outside. */
  public static Problem of(Rejection rejection) {
    return new Problem(
        ProblemKind.of(rejection.code()), rejection.message(), List.of(), rejection.reasons());
  }

  /**
   * One error of a body.
   *
   * @param path where in the body; null where the message says it
   * @param line from 1; 0: not known
   * @param column from 1; 0: not known
   */
  public record Fault(@Nullable String path, int line, int column, String message) {
    public Fault(@Nullable String path, String message) {
      this(path, 0, 0, message);
    }
  }
}
