package dev.holdfast.grid;

import dev.holdfast.api.ApprovalView;
import dev.holdfast.api.Page;
import org.jspecify.annotations.Nullable;

/** The tasks of a tenant that wait for a person's decision, wherever they are owned. */
public interface Approvals {
  /**
   * A page of them, those first that have waited longest. Blocks; for virtual threads.
   *
   * @throws IllegalArgumentException when the cursor was not given out by this
   * @throws dev.holdfast.journal.StoreException when a member does not answer
   */
  Page<ApprovalView> list(Query query);

  /**
   * Which of them.
   *
   * @param definition of this one alone; null: of all
   * @param role that may decide them; null: all
   * @param limit how many at most, from 1
   * @param cursor where the page before ended; null: the first page
   */
  record Query(
      String tenant,
      @Nullable String definition,
      @Nullable String role,
      int limit,
      @Nullable String cursor) {}
}
