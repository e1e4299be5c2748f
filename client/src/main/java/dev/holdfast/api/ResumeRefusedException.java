package dev.holdfast.api;

import java.util.List;

/**
 * An execution was not resumed, code {@code resume-refused}: for each of the {@link #reasons}.
 * Warnings are passed over with {@code force}, errors never.
 */
public final class ResumeRefusedException extends ConflictException {
  /** Its code. */
  public static final String CODE = "resume-refused";

  private static final long serialVersionUID = 1L;
  private final transient List<ResumeReason> reasons;

  public ResumeRefusedException(String message, List<ResumeReason> reasons) {
    super(CODE, message);
    this.reasons = List.copyOf(reasons);
  }

  /** Every reason, errors first. */
  public List<ResumeReason> reasons() {
    return reasons;
  }
}
