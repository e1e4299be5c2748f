package dev.holdfast.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task that waits for a person's decision. In JSON, fields that are null are left out.
 *
 * @param execution id of its execution
 * @param task its id
 * @param definition the execution's
 * @param version of the definition, from 1
 * @param approvers roles of which one is enough to decide; empty: anybody may
 * @param since when the decision was asked for
 * @param expiresAt when the task fails if nobody has decided; null: never. A pause moves it.
 * @param input what the task will be given; left out where it has more than {@value
 *     #INPUT_BYTES_MAX} bytes: the execution's view has it
 * @param inputBytes how large the input is
 */
public record ApprovalView(
    String execution,
    String task,
    String definition,
    int version,
    List<String> approvers,
    Instant since,
    @Nullable Instant expiresAt,
    @Nullable Object input,
    long inputBytes) {
  /** Bytes of a larger input are not in the list. */
  public static final int INPUT_BYTES_MAX = 16 << 10;

  public ApprovalView {
    approvers = List.copyOf(approvers);
  }
}
