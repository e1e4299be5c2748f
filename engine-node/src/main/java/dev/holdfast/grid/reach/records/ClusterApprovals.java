package dev.holdfast.grid.reach.records;

import dev.holdfast.api.ApprovalView;
import dev.holdfast.api.Page;
import dev.holdfast.grid.Approvals;
import dev.holdfast.grid.PendingApprovals;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.reach.Derived;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.grid.reach.Wire;
import dev.holdfast.journal.Times;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The approvals that all members wait for, put together from what each says of the partitions that
 * it owns; given only when together they have spoken for all.
 */
public final class ClusterApprovals implements Approvals {
  private static final char SEPARATOR = '~';

  private static final Comparator<ApprovalView> ORDER =
      Comparator.comparing(ApprovalView::since).thenComparing(ClusterApprovals::cursor);

  private final PendingApprovals here;
  private final Derived derived;
  private final Neighbours neighbours;

  /** One member's part: what comes behind the cursor, at most one more than the limit. */
  private record Part(byte[] partitions, List<ApprovalView> items) implements WholeLists.Part {}

  /** Answers other members' questions from here on. */
  public ClusterApprovals(PendingApprovals here, Derived derived, Neighbours neighbours) {
    this.here = here;
    this.derived = derived;
    this.neighbours = neighbours;
    neighbours.serve(
        PeerOp.APPROVALS, (from, body) -> Wire.write(read(Wire.read(body, Query.class))));
  }

  @Override
  public Page<ApprovalView> list(Query query) {
    // Refused here, before anybody else is bothered with it.
    sinceNanos(query.cursor());
    List<Part> parts =
        WholeLists.of(
            neighbours, PeerOp.APPROVALS, query, Part.class, () -> read(query), "executions");
    return merged(parts, query.limit());
  }

  private Part read(Query query) {
    derived.caughtUp().join();
    BitSet known = WholeLists.known(neighbours, derived);
    String role = query.role();
    List<ApprovalView> items =
        here.of(query.tenant(), key -> known.get(neighbours.partitionOf(key)))
            .filter(
                item -> query.definition() == null || item.definition().equals(query.definition()))
            .filter(item ->
                role == null || item.approvers().isEmpty() || item.approvers().contains(role))
            .filter(item -> isBehind(item, query.cursor()))
            .sorted(ORDER)
            .limit(query.limit() + 1L)
            .toList();
    known.and(WholeLists.known(neighbours, derived));
    return new Part(known.toByteArray(), items);
  }

  private static Page<ApprovalView> merged(List<Part> parts, int limit) {
    var items = new LinkedHashMap<String, ApprovalView>();
    // One that changed hands in between may be there twice.
    parts.forEach(part -> part.items().forEach(item -> items.put(cursor(item), item)));
    List<ApprovalView> sorted = items.values().stream().sorted(ORDER).toList();
    List<ApprovalView> page = sorted.subList(0, Math.min(limit, sorted.size()));
    return new Page<>(
        List.copyOf(page), sorted.size() > page.size() ? cursor(page.getLast()) : null);
  }

  private static String cursor(ApprovalView item) {
    return Long.toString(Times.nanos(item.since()), Character.MAX_RADIX)
        + SEPARATOR
        + item.execution()
        + SEPARATOR
        + item.task();
  }

  private static boolean isBehind(ApprovalView item, @Nullable String cursor) {
    if (cursor == null) {
      return true;
    }
    int byTime = Long.compare(Times.nanos(item.since()), sinceNanos(cursor));
    return byTime == 0 ? cursor(item).compareTo(cursor) > 0 : byTime > 0;
  }

  private static long sinceNanos(@Nullable String cursor) {
    if (cursor == null) {
      return 0;
    }
    try {
      return Long.parseLong(
          cursor.substring(0, Math.max(0, cursor.indexOf(SEPARATOR))), Character.MAX_RADIX);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a cursor of a page: " + cursor, e);
    }
  }
}
