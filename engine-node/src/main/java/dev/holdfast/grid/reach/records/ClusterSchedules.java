package dev.holdfast.grid.reach.records;

import dev.holdfast.api.Page;
import dev.holdfast.api.ScheduleView;
import dev.holdfast.core.ScheduleViews;
import dev.holdfast.grid.KnownSchedules;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.reach.Derived;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.grid.reach.Wire;
import dev.holdfast.journal.StoreException;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The schedules of all members, put together from what each says of the partitions that it owns;
 * given only when together they have spoken for all.
 */
public final class ClusterSchedules {
  private final KnownSchedules here;
  private final Derived derived;
  private final Neighbours neighbours;

  /** Which: those whose names come after the cursor. */
  private record Query(String tenant, int limit, @Nullable String cursor) {}

  /** One member's part, at most one more than the limit. */
  private record Part(byte[] partitions, List<ScheduleView> items) implements WholeLists.Part {}

  /** Answers other members' questions from here on. */
  public ClusterSchedules(KnownSchedules here, Derived derived, Neighbours neighbours) {
    this.here = here;
    this.derived = derived;
    this.neighbours = neighbours;
    neighbours.serve(
        PeerOp.SCHEDULES, (from, body) -> Wire.write(read(Wire.read(body, Query.class))));
  }

  /**
   * A page of them, by name. Blocks.
   *
   * @throws StoreException when a member does not answer
   */
  public Page<ScheduleView> list(String tenant, int limit, @Nullable String cursor) {
    var query = new Query(tenant, limit, cursor);
    List<Part> parts =
        WholeLists.of(
            neighbours, PeerOp.SCHEDULES, query, Part.class, () -> read(query), "schedules");
    return merged(parts, limit);
  }

  private Part read(Query query) {
    derived.caughtUp().join();
    BitSet known = WholeLists.known(neighbours, derived);
    String cursor = query.cursor();
    List<ScheduleView> items =
        here.of(query.tenant())
            .filter(state -> known.get(neighbours.partitionOf(state.key())))
            .flatMap(state -> ScheduleViews.of(state).stream())
            .filter(view -> cursor == null || view.name().compareTo(cursor) > 0)
            .sorted((a, b) -> a.name().compareTo(b.name()))
            .limit(query.limit() + 1L)
            .toList();
    known.and(WholeLists.known(neighbours, derived));
    return new Part(known.toByteArray(), items);
  }

  private static Page<ScheduleView> merged(List<Part> parts, int limit) {
    var items = new TreeMap<String, ScheduleView>();
    // One that changed hands in between may be there twice.
    parts.forEach(part ->
        part.items().forEach(item -> items.merge(item.name(), item, ClusterSchedules::newer)));
    List<ScheduleView> page = items.values().stream().limit(limit).toList();
    return new Page<>(page, items.size() > limit ? page.getLast().name() : null);
  }

  private static ScheduleView newer(ScheduleView one, ScheduleView other) {
    return one.seq() < other.seq() ? other : one;
  }
}
