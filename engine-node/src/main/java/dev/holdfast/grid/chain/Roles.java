package dev.holdfast.grid.chain;

import dev.holdfast.grid.Replicas;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who owns and who backs up each partition, as seen at one moment.
 *
 * @param owners by partition; null: nobody
 * @param backups by partition; null: nobody
 */
record Roles(List<@Nullable UUID> owners, List<@Nullable UUID> backups) {
  static Roles of(Replicas replicas) {
    var owners = new ArrayList<@Nullable UUID>(replicas.count());
    var backups = new ArrayList<@Nullable UUID>(replicas.count());
    for (int partition = 0; partition < replicas.count(); partition++) {
      owners.add(replicas.owner(partition));
      backups.add(replicas.backup(partition));
    }
    return new Roles(owners, backups);
  }

  /** Those who should have the partition's chains; fewer than two while it is on its way. */
  List<UUID> keepers(int partition) {
    var keepers = new ArrayList<UUID>(2);
    UUID owner = owners.get(partition);
    if (owner != null) {
      keepers.add(owner);
    }
    UUID backup = backups.get(partition);
    if (backup != null) {
      keepers.add(backup);
    }
    return keepers;
  }

  /** The same on all members that see the same, and hardly ever for another view. */
  long fingerprint() {
    long fingerprint = 1;
    for (int partition = 0; partition < owners.size(); partition++) {
      fingerprint = mixed(mixed(fingerprint, owners.get(partition)), backups.get(partition));
    }
    return fingerprint;
  }

  private static long mixed(long before, @Nullable UUID member) {
    long bits = member == null ? 7 : member.getMostSignificantBits() ^ member.hashCode();
    return (before ^ bits) * 0x9E3779B97F4A7C15L;
  }

  /** Whether every partition has an owner and a backup. */
  boolean isWhole() {
    return owners.stream().allMatch(owner -> owner != null)
        && backups.stream().allMatch(backup -> backup != null);
  }
}
