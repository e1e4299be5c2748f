package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.FencedException;
import dev.holdfast.journal.Journal;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.JournalEntry.Content;
import dev.holdfast.journal.JournalEntry.Origin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How transitions come to be durable beyond this member (DESIGN §1, ADR 0020). With two disks the
 * backup confirms each entry that it has committed. With a shared store the owner tells the backup
 * which entries are committed; those that it was not told of are the tail that the backup writes
 * again when it is promoted. Thread-safe.
 */
final class Replication implements Journal.CopyListener {
  private final Durability durability;
  private final Peers peers;
  private final Replicas replicas;
  private final DurableNotices notices;
  private final AtomicLong ids = new AtomicLong();

  /** Entries of other members that they have not yet said to be in the shared store. */
  private final Map<Origin, JournalEntry> tails = new ConcurrentHashMap<>();

  /** Unconfirmed at the last look; used by the thread that looks. */
  private Set<Long> seenUnconfirmed = Set.of();

  private final Consumer<ExecutionKey> fences;

  /**
   * @param fences told of executions of which the shared store refused an entry
   */
  Replication(
      Durability durability, Peers peers, Replicas replicas, Consumer<ExecutionKey> fences) {
    this.fences = fences;
    this.durability = durability;
    this.peers = peers;
    this.replicas = replicas;
    this.notices = new DurableNotices(peers);
  }

  /** Answers the other members from now on. */
  void serve(Journal journal) {
    peers.serve(
        PeerOp.DURABLE,
        (from, body) -> {
          long[] told = DurableNotices.decode(body);
          switch (durability) {
            case TWO_DISKS -> journal.confirmed(told);
            case SHARED_STORE -> forgetTails(from, told);
            case ALONE -> {
              // Nobody backs it up.
            }
          }
          return new byte[0];
        });
  }

  private void forgetTails(UUID owner, long[] told) {
    for (long id : told) {
      JournalEntry kept = tails.remove(new Origin(owner, id));
      if (kept != null) {
        kept.tail().forEach(JournalEntry::completeUnlessSubmitted);
      }
    }
  }

  Durability durability() {
    return durability;
  }

  /** Whether other members have copies. */
  boolean isReplicated() {
    return durability != Durability.ALONE;
  }

  /** This member. */
  UUID self() {
    return peers.self();
  }

  // What follows, up to the backup's part, runs on the owner's partition threads.

  /**
   * The entry of what is being decided here. What it goes on from is sent to the journal before it,
   * where that has not been done.
   *
   * @param current null: it begins an execution
   */
  JournalEntry decided(Journal journal, @Nullable ExecutionEntry current, Content content) {
    JournalEntry before = current == null ? JournalEntry.durable() : current.last();
    return switch (durability) {
      case ALONE -> JournalEntry.pending(content);
      case SHARED_STORE -> {
        submitTail(journal, before);
        JournalEntry entry = JournalEntry.pending(content, ids.incrementAndGet());
        tellBackup(entry, content);
        yield entry.after(before);
      }
      case TWO_DISKS -> {
        if (current != null && !isKeptHere(before)) {
          journal.append(JournalEntry.adoption(current.state(), current.hash(), content.epoch()));
        }
        yield toConfirm(journal, content).after(before);
      }
    };
  }

  private void tellBackup(JournalEntry entry, Content content) {
    UUID backup = replicas.backup(replicas.partitionOf(content.key().text()));
    tellOfFence(entry, content.key());
    if (backup != null) {
      entry
          .whenDurable()
          .whenComplete((durable, failure) -> {
            if (failure == null) {
              notices.add(backup, entry.id());
            }
          });
    }
  }

  private void tellOfFence(JournalEntry entry, ExecutionKey key) {
    entry
        .whenDurable()
        .whenComplete((durable, failure) -> {
          if (failure instanceof FencedException) {
            fences.accept(key);
          }
        });
  }

  private JournalEntry toConfirm(Journal journal, Content content) {
    JournalEntry entry = JournalEntry.toConfirm(content, ids.incrementAndGet());
    journal.expect(entry);
    return entry;
  }

  /** Whether the shared store refused it: another member owns, or owned, the execution. */
  boolean isFenced(JournalEntry last) {
    return durability != Durability.TWO_DISKS && last.hasFailed();
  }

  /** Whether an answer may rest on the entry once it is durable, as it is. */
  boolean isSettled(JournalEntry last) {
    return switch (durability) {
      case ALONE -> true;
      case SHARED_STORE -> last.origin() == null || last.isDurable();
      case TWO_DISKS -> isKeptHere(last) && last.origin() == null;
    };
  }

  /** Whether this member's own store has, or is about to have, what the entry ends. */
  private static boolean isKeptHere(JournalEntry last) {
    return !last.isElsewhere() && !last.hasFailed();
  }

  /**
   * The execution with an entry that an answer may rest on, once that is durable: for one that came
   * to this member by migration or promotion. With two disks the result has to be set in the map,
   * and restated to the backup.
   */
  ExecutionEntry settled(Journal journal, ExecutionEntry current, long epoch) {
    JournalEntry last = current.last();
    return switch (durability) {
      case ALONE -> current;
      case SHARED_STORE -> {
        submitTail(journal, last);
        yield current;
      }
      case TWO_DISKS -> {
        Content adopted = JournalEntry.adopted(current.state(), current.hash(), epoch);
        JournalEntry entry = toConfirm(journal, adopted).after(last);
        yield new ExecutionEntry(current.state(), current.hash(), entry);
      }
    };
  }

  /** Writes again what its owner may not have written any more. */
  private void submitTail(Journal journal, JournalEntry last) {
    for (JournalEntry one : last.tail()) {
      if (one.submit()) {
        Origin origin = one.origin();
        if (origin != null) {
          tails.remove(origin);
          tellOfFence(one, one.content().key());
        }
        journal.append(one);
      }
    }
  }

  // The backup's part, on its partition threads.

  /**
   * A backup takes nothing from an owner that a quorum has left behind. With a shared store that is
   * the store's part.
   *
   * @throws IllegalStateException when another epoch has been promised since
   */
  void requireCurrent(Epochs epochs, long epoch) {
    if (durability == Durability.TWO_DISKS && epoch < epochs.promised()) {
      throw new IllegalStateException(
          "epoch " + epoch + " is over, this member goes by " + epochs.promised());
    }
  }

  /** The copy of what another member has decided, on its way to where the backup keeps it. */
  JournalEntry copied(
      Journal journal, @Nullable ExecutionEntry current, Content content, Origin origin) {
    JournalEntry before = current == null ? JournalEntry.durable() : current.last();
    JournalEntry copy = JournalEntry.copy(content, origin).after(before);
    switch (durability) {
      case ALONE, SHARED_STORE -> tails.put(origin, copy);
      case TWO_DISKS -> {
        if (current != null && !isKeptHere(before)) {
          Content base = JournalEntry.adopted(current.state(), current.hash(), content.epoch());
          journal.append(JournalEntry.copy(base, new Origin(origin.owner(), 0)));
        }
        copy.submit();
        journal.append(copy);
      }
    }
    return copy;
  }

  /** The backup's entry for an execution that its owner has restated whole. */
  JournalEntry restated(Journal journal, Content content, Origin origin) {
    if (durability != Durability.TWO_DISKS) {
      return JournalEntry.durable();
    }
    JournalEntry copy = JournalEntry.copy(content, origin);
    copy.submit();
    journal.append(copy);
    return copy;
  }

  /** Copies are on this member's disk: their owners may go by that. On the journal's writer. */
  @Override
  public void onCopied(List<Origin> origins) {
    for (Origin origin : origins) {
      if (origin.id() != 0 && durability == Durability.TWO_DISKS) {
        notices.add(origin.owner(), origin.id());
      }
    }
    notices.flush();
  }

  // Upkeep, on one thread.

  /** Tells what has gathered for the backups. To be called every 50 ms or so. */
  void flush() {
    notices.flush();
  }

  /** Nobody else is there who could confirm. */
  void confirmAlone(Journal journal) {
    journal.confirmed(journal.unconfirmed().stream().mapToLong(JournalEntry::id).toArray());
  }

  /**
   * Entries that have been unconfirmed since the last call at least: their backup has to be asked
   * again, since it may be another one now or have missed them.
   */
  List<JournalEntry> overdue(Journal journal) {
    var ids = new HashSet<Long>();
    var overdue = new ArrayList<JournalEntry>();
    for (JournalEntry entry : journal.unconfirmed()) {
      ids.add(entry.id());
      if (seenUnconfirmed.contains(entry.id())) {
        overdue.add(entry);
      }
    }
    seenUnconfirmed = ids;
    return overdue;
  }

  /** The member is gone: nothing will come from it, and it needs to know nothing. */
  void forget(UUID member) {
    notices.forget(member);
    tails.keySet().removeIf(origin -> origin.owner().equals(member));
  }
}
