package dev.holdfast.grid.reach.records;

import dev.holdfast.core.Limits;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.journal.ExecutionPage;
import dev.holdfast.journal.ExecutionQuery;
import dev.holdfast.journal.ExecutionRow;
import dev.holdfast.journal.StateStore;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member's part of a list: rows of the executions that it owns, and of whatever else its disk has
 * that has ended. Ended ones are in nobody's memory, and one that came to own them lately may not
 * have them on its disk yet; of what goes on, only the owner's row is true.
 *
 * @param partitions that the member owns, as {@link BitSet} writes them
 * @param rows in the list's order
 * @param more whether there are others behind the last one
 */
record MemberRows(byte[] partitions, List<ExecutionRow> rows, boolean more)
    implements WholeLists.Part {
  /** What a member is asked; the cursor is a {@link ListCursor}'s. */
  record Question(ExecutionQuery query) {}

  /** This member's part of the page after the query's cursor. */
  static MemberRows read(StateStore store, Neighbours neighbours, ExecutionQuery query) {
    BitSet before = WholeLists.owned(neighbours);
    ListCursor after = ListCursor.parse(query.cursor());
    var rows = new ArrayList<ExecutionRow>();
    String cursor = after == null ? null : after.ofStore();
    do {
      ExecutionPage page = store.list(from(query, cursor));
      for (ExecutionRow row : page.items()) {
        if ((after == null || after.isBefore(row))
            && (row.status().isEnded() || before.get(neighbours.partitionOf(row.key())))) {
          rows.add(row);
        }
      }
      cursor = page.nextCursor();
    } while (cursor != null && !isEnough(rows, query.limit()));
    rows.sort(ListCursor.ORDER);
    before.and(WholeLists.owned(neighbours));
    int end = Math.min(rows.size(), query.limit());
    return new MemberRows(
        before.toByteArray(), List.copyOf(rows.subList(0, end)), rows.size() > end);
  }

  /**
   * Whether the last row of the page is surely known: the store has gone on to executions that were
   * started earlier, so that none of the same time can come before it by its id.
   */
  private static boolean isEnough(List<ExecutionRow> rows, int limit) {
    return rows.size() > limit
        && rows.getLast().startedAt().isBefore(rows.get(limit - 1).startedAt());
  }

  private static ExecutionQuery from(ExecutionQuery query, @Nullable String cursor) {
    return new ExecutionQuery(
        query.tenant(),
        query.status(),
        query.definition(),
        query.session(),
        query.attributes(),
        query.from(),
        query.to(),
        Math.min(query.limit() + 1, Limits.PAGE_MAX),
        cursor);
  }
}
