package dev.holdfast.grid;

import dev.holdfast.journal.SharedStore;
import dev.holdfast.journal.StateStore;

/** What makes a transition durable in this member's cluster. */
enum Durability {
  /** A cluster of one: the commit of its own store. */
  ALONE,
  /** The commit of the store that all members share; the backup is told, so that it can forget. */
  SHARED_STORE,
  /** The commits of two stores: the owner's own and the backup's own, which confirms. */
  TWO_DISKS;

  static Durability of(GridSettings settings, StateStore store) {
    if (settings.clusterSize() == 1) {
      return ALONE;
    }
    return store instanceof SharedStore ? SHARED_STORE : TWO_DISKS;
  }
}
