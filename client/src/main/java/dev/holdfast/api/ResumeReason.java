package dev.holdfast.api;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One reason for which an execution was not resumed.
 *
 * @param severity whether {@code force} passes over it
 * @param code stable: {@code chain-broken}, {@code state-unconfirmed}, {@code definition-missing}
 *     of errors; {@code no-agent}, {@code no-agent-with-labels}, {@code no-workflow} of warnings
 * @param task the task that it is about; null: the execution as a whole
 * @param message for a person
 */
public record ResumeReason(Severity severity, String code, @Nullable String task, String message) {
  /** What an operator can do about it. */
  public enum Severity {
    /** It can't be resumed, by force neither. */
    ERROR,
    /** It would go on and then wait, or fail; {@code force} passes over it. */
    WARNING;

    /** As it is written on the outside. */
    @JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
