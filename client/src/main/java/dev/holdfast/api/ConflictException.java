package dev.holdfast.api;

/**
 * The state of the execution forbids it: codes {@code wrong-state}, {@code id-conflict}, {@code
 * stale-attempt}, {@code task-not-ready}, {@code concurrency-limit}, {@code resume-refused}.
 * Repeating the call does not help.
 */
public sealed class ConflictException extends HoldfastException permits ResumeRefusedException {
  private static final long serialVersionUID = 1L;

  public ConflictException(String code, String message) {
    super(code, message, null);
  }
}
