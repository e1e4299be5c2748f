package dev.holdfast.grid.reach.records;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Limits;
import dev.holdfast.grid.Records;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.grid.reach.Wire;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.ExecutionPage;
import dev.holdfast.journal.ExecutionQuery;
import dev.holdfast.journal.ExecutionRow;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.StateStore.CheckpointInfo;
import dev.holdfast.journal.StoreException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The records of a cluster whose members have a disk of their own each. Of an execution its owner
 * is asked; a list is put together from all members, each of which speaks for the partitions that
 * it owns, and is given only when together they have spoken for all. A member that was away may
 * still have executions on its disk that were purged or retried meanwhile, and show them as ended,
 * until it has cleared them.
 */
public final class ClusterRecords implements Records {
  private final StateStore store;
  private final Neighbours neighbours;
  private final Function<ExecutionKey, Optional<ExecutionEntry>> owned;

  private record OfExecution(String key, long after, int limit) {}

  private record Checkpoint(@Nullable CheckpointInfo newest) {}

  private record Purge(String tenant, Instant endedBefore, boolean dryRun) {}

  private record Purged(int count) {}

  /**
   * Answers other members' questions from here on.
   *
   * @param owned an execution that this member owns, as far as it is durable
   */
  public ClusterRecords(
      StateStore store,
      Neighbours neighbours,
      Function<ExecutionKey, Optional<ExecutionEntry>> owned) {
    this.store = store;
    this.neighbours = neighbours;
    this.owned = owned;
    neighbours.serve(PeerOp.HISTORY, (from, body) -> history(body));
    neighbours.serve(PeerOp.CHECKPOINT, (from, body) -> checkpoint(body));
    neighbours.serve(PeerOp.LIST, (from, body) -> list(body));
    neighbours.serve(PeerOp.PURGE, (from, body) -> purge(body));
  }

  @Override
  public List<HistoryItem> history(ExecutionKey key, long afterSeq, int limit) {
    return neighbours.ofOwner(
        key,
        PeerOp.HISTORY,
        Wire.write(new OfExecution(key.text(), afterSeq, limit)),
        () -> historyHere(key, afterSeq, limit),
        answer -> Wire.read(answer, HistoryPage.class).items());
  }

  private byte[] history(byte[] body) {
    var question = Wire.read(body, OfExecution.class);
    ExecutionKey key = ExecutionKey.parse(question.key());
    List<HistoryItem> items = historyHere(key, question.after(), question.limit());
    return Wire.write(HistoryPage.of(items));
  }

  /**
   * What this member's disk has, as far as the cluster has confirmed it. The newest events may be
   * on this disk alone yet, for good if the others went on without this member. And a member that
   * came to own the execution lately may lack events, or still have others in their place.
   */
  private List<HistoryItem> historyHere(ExecutionKey key, long afterSeq, int limit) {
    ExecutionEntry confirmed = owned.apply(key).orElse(null);
    if (confirmed == null) {
      return List.of();
    }
    long last = confirmed.state().seq();
    boolean hasLast = afterSeq < last && last - afterSeq <= limit;
    if (!hasLast) {
      // Before the page is read: what is settled stays so.
      requireSettled(key, confirmed, store.history(key, last - 1, 1));
    }
    List<HistoryItem> items =
        store.history(key, afterSeq, limit).stream().filter(item -> item.seq() <= last).toList();
    boolean whole = items.isEmpty() ? last <= afterSeq : items.getFirst().seq() == afterSeq + 1;
    if (!whole) {
      throw notYet(key);
    }
    if (hasLast) {
      requireSettled(key, confirmed, items);
    }
    return items;
  }

  /** The hash of the last event stands for all those before it. */
  private static void requireSettled(
      ExecutionKey key, ExecutionEntry confirmed, List<HistoryItem> untilLast) {
    if (untilLast.isEmpty()
        || untilLast.getLast().seq() != confirmed.state().seq()
        || !Arrays.equals(untilLast.getLast().hash(), confirmed.hash())) {
      throw notYet(key);
    }
  }

  private static StoreException notYet(ExecutionKey key) {
    return new StoreException("events of " + key + " are still on their way to its owner");
  }

  @Override
  public Optional<CheckpointInfo> latestCheckpoint(ExecutionKey key) {
    if (neighbours.isOwned(key)) {
      return store.latestCheckpoint(key);
    }
    var question = new OfExecution(key.text(), 0, 0);
    byte[] answer = neighbours.ofOwner(key, PeerOp.CHECKPOINT, Wire.write(question));
    return Optional.ofNullable(Wire.read(answer, Checkpoint.class).newest());
  }

  private byte[] checkpoint(byte[] body) {
    ExecutionKey key = ExecutionKey.parse(Wire.read(body, OfExecution.class).key());
    neighbours.requireOwned(key);
    return Wire.write(new Checkpoint(store.latestCheckpoint(key).orElse(null)));
  }

  @Override
  public ExecutionPage list(ExecutionQuery query) {
    if (query.limit() < 1 || query.limit() > Limits.PAGE_MAX) {
      throw new IllegalArgumentException(
          "limit must be 1 to " + Limits.PAGE_MAX + ", but is " + query.limit());
    }
    // Refused here, before anybody else is bothered with it.
    ListCursor.parse(query.cursor());
    List<MemberRows> parts =
        WholeLists.of(
            neighbours,
            PeerOp.LIST,
            new MemberRows.Question(query),
            MemberRows.class,
            () -> MemberRows.read(store, neighbours, query),
            "executions");
    return merged(parts, query.limit());
  }

  private byte[] list(byte[] body) {
    ExecutionQuery query = Wire.read(body, MemberRows.Question.class).query();
    return Wire.write(MemberRows.read(store, neighbours, query));
  }

  private static ExecutionPage merged(List<MemberRows> parts, int limit) {
    Map<ExecutionKey, ExecutionRow> rows = new HashMap<>();
    for (MemberRows part : parts) {
      // One that is on two disks is there twice; the newer row counts.
      part.rows().forEach(row -> rows.merge(row.key(), row, ClusterRecords::newer));
    }
    List<ExecutionRow> sorted = rows.values().stream().sorted(ListCursor.ORDER).toList();
    boolean more = sorted.size() > limit || parts.stream().anyMatch(MemberRows::more);
    List<ExecutionRow> page = sorted.subList(0, Math.min(limit, sorted.size()));
    return new ExecutionPage(List.copyOf(page), more ? ListCursor.of(page.getLast()).text() : null);
  }

  private static ExecutionRow newer(ExecutionRow one, ExecutionRow other) {
    return one.updatedAt().isBefore(other.updatedAt()) ? other : one;
  }

  @Override
  public int purge(String tenant, Instant endedBefore, boolean dryRun) {
    int count = 0;
    if (!neighbours.isAlone()) {
      byte[] question = Wire.write(new Purge(tenant, endedBefore, dryRun));
      for (byte[] answer : neighbours.ofOthers(PeerOp.PURGE, question).values()) {
        count += Wire.read(answer, Purged.class).count();
      }
    }
    return count + purgeHere(tenant, endedBefore, dryRun);
  }

  private byte[] purge(byte[] body) {
    var question = Wire.read(body, Purge.class);
    return Wire.write(
        new Purged(purgeHere(question.tenant(), question.endedBefore(), question.dryRun())));
  }

  /** Removes backups as well, but counts each execution where it is owned. */
  private int purgeHere(String tenant, Instant endedBefore, boolean dryRun) {
    if (neighbours.isAlone()) {
      return store.purge(tenant, endedBefore, dryRun);
    }
    int owned = ownedEndedBefore(tenant, endedBefore);
    if (!dryRun) {
      store.purge(tenant, endedBefore, false);
    }
    return owned;
  }

  private int ownedEndedBefore(String tenant, Instant endedBefore) {
    int count = 0;
    String cursor = null;
    do {
      // What ended before then was started before then.
      ExecutionPage page =
          store.list(
              new ExecutionQuery(
                  tenant, null, null, null, Map.of(), null, endedBefore, Limits.PAGE_MAX, cursor));
      for (ExecutionRow row : page.items()) {
        Instant endedAt = row.endedAt();
        if (endedAt != null && endedAt.isBefore(endedBefore) && neighbours.isOwned(row.key())) {
          count++;
        }
      }
      cursor = page.nextCursor();
    } while (cursor != null);
    return count;
  }
}
