package dev.holdfast.gateway.problem;

/** Ends a call with a {@link Problem} as its answer. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Problem problem;

  public ProblemException(Problem problem) {
    // No stack trace: refusals are part of the protocol, and bad input must stay cheap.
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  public ProblemException(ProblemKind kind, String detail) {
    this(new Problem(kind, detail));
  }

  public Problem problem() {
    return problem;
  }
}
