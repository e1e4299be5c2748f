package dev.holdfast.grid.blob;

import dev.holdfast.grid.Replicas;
import dev.holdfast.journal.blob.BlobKey;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;

/**
 * On whose disks a blob belongs: those of the members that own and back up the partition of its
 * key. So nobody has to remember where blobs are, and they move as everything else does.
 */
record Homes(Replicas replicas) {
  /** One or two members; none while nobody owns the partition. */
  Set<UUID> of(BlobKey key) {
    int partition = replicas.partitionOf(key.text());
    var homes = new LinkedHashSet<UUID>();
    UUID owner = replicas.owner(partition);
    UUID backup = replicas.backup(partition);
    if (owner != null) {
      homes.add(owner);
    }
    if (backup != null) {
      homes.add(backup);
    }
    return homes;
  }
}
