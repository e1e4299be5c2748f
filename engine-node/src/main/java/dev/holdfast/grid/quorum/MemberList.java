package dev.holdfast.grid.quorum;

import java.util.List;
import java.util.UUID;

/**
 * The members as this one sees them at one moment.
 *
 * @param version goes up with each that joins or leaves
 * @param members oldest first, itself included; the first is the master
 * @param self this member
 */
public record MemberList(int version, List<UUID> members, UUID self) {
  /** Copies the list. */
  public MemberList {
    members = List.copyOf(members);
  }

  /** Whether that member leads membership changes: the oldest. */
  public boolean isMaster(UUID member) {
    return !members.isEmpty() && members.getFirst().equals(member);
  }

  /** Whether this member is the master. */
  public boolean isLedHere() {
    return isMaster(self);
  }

  /** How many they are. */
  public int size() {
    return members.size();
  }
}
