package dev.holdfast.grid.quorum;

import dev.holdfast.grid.Replicas;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether members that went away took the last copy of some partition with them: then the
 * cluster's memory is not the truth any more. Remembers who had what while the member list rested,
 * since the partition table is repaired as soon as somebody is gone. Thread-safe.
 */
final class Losses {
  private final Replicas replicas;
  private final Set<UUID> leaving = new HashSet<>();
  private @Nullable UUID[][] holders = {};
  private int listVersion = -1;

  Losses(Replicas replicas) {
    this.replicas = replicas;
  }

  /** Looks at who has what now, unless the list has changed since {@code agreed}. */
  synchronized void remember(MemberList agreed) {
    var seen = new UUID[replicas.count()][];
    for (int partition = 0; partition < seen.length; partition++) {
      seen[partition] = new UUID[] {replicas.owner(partition), replicas.backup(partition)};
    }
    if (replicas.memberListVersion() == agreed.version()) {
      holders = seen;
      listVersion = agreed.version();
    }
  }

  /** That member hands over what it has before it goes. */
  synchronized void leaves(UUID member) {
    leaving.add(member);
  }

  /** Whether all of these are about to go. */
  synchronized boolean allLeave(Collection<UUID> members) {
    return leaving.containsAll(members);
  }

  synchronized void forget() {
    holders = new UUID[0][];
    listVersion = -1;
    leaving.clear();
  }

  /** Whether a partition that somebody had is with none of these members. */
  synchronized boolean isAnyLost(MemberList now) {
    // A lower one is what a member begins with, and ends with: it then has left the others.
    if (now.version() <= listVersion) {
      return false;
    }
    // What a member handed over within the last moments is not in the table that was remembered.
    Set<UUID> members = new HashSet<>(leaving);
    members.addAll(now.members());
    for (@Nullable UUID[] of : holders) {
      if (wasHeld(of) && !isHeld(of, members)) {
        return true;
      }
    }
    return false;
  }

  private static boolean wasHeld(@Nullable UUID[] holders) {
    return holders[0] != null;
  }

  private static boolean isHeld(@Nullable UUID[] holders, Set<UUID> members) {
    for (UUID holder : holders) {
      if (holder != null && members.contains(holder)) {
        return true;
      }
    }
    return false;
  }
}
