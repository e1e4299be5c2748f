package dev.holdfast.api;

import java.util.List;

/**
 * What became of a command to many executions. Each of those that changed has done so durably.
 *
 * @param matched how many it was sent to
 * @param changed how many did what was asked
 * @param unchanged how many had nothing to do: they had ended or changed in between
 * @param failed the first of those that did not, at most {@link #FAILED_MAX}
 * @param more whether some may be left, since it ended at its bound: send it again
 */
public record BatchResult(
    int matched, int changed, int unchanged, List<Failure> failed, boolean more) {
  /** Executions that one batch is sent to, at most. */
  public static final int EXECUTIONS_MAX = 10_000;

  /** Failures that are named, at most. */
  public static final int FAILED_MAX = 100;

  public BatchResult {
    failed = List.copyOf(failed);
  }

  /**
   * One that did not.
   *
   * @param code as of the single command
   * @param reasons each reason for which it was not resumed; empty for other failures
   */
  public record Failure(String execution, String code, String message, List<ResumeReason> reasons) {
    public Failure {
      reasons = List.copyOf(reasons);
    }
  }
}
