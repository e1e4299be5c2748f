package dev.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes with a decision on a task. Immutable; each method gives a changed copy: {@code
 * ApprovalOptions.NONE.reason("checked").roles("finance")}.
 *
 * @param reason why, for the history; null: none is given
 * @param roles of who decides, where the cluster has no login to know them by
 * @param output a JSON value or anything that Jackson writes as one; of an approval: the task's
 *     output, so that its agent isn't asked; of a rejection: details of the task's error; null:
 *     none
 */
public record ApprovalOptions(
    @Nullable String reason, List<String> roles, @Nullable Object output) {
  /** No reason, no roles, no output. */
  public static final ApprovalOptions NONE = new ApprovalOptions(null, List.of(), null);

  public ApprovalOptions {
    roles = List.copyOf(roles);
  }

  public ApprovalOptions reason(String value) {
    return new ApprovalOptions(value, roles, output);
  }

  public ApprovalOptions roles(String... value) {
    return new ApprovalOptions(reason, List.of(value), output);
  }

  public ApprovalOptions output(@Nullable Object value) {
    return new ApprovalOptions(reason, roles, value);
  }
}
