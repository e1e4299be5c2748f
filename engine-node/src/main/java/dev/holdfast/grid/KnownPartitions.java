package dev.holdfast.grid;

import dev.holdfast.grid.slot.Partitions;

/** Which partitions this member has taken over, and has as the store has them. Thread-safe. */
final class KnownPartitions implements Partitions {
  private final Ownership ownership;
  private final Takeover takeover;
  private final Reloading reloading;

  KnownPartitions(Ownership ownership, Takeover takeover, Reloading reloading) {
    this.ownership = ownership;
    this.takeover = takeover;
    this.reloading = reloading;
  }

  @Override
  public boolean isKnown(int partition) {
    return ownership.isTaken(partition)
        && !takeover.isToBeCompared(partition)
        && !reloading.isUnderWay(partition);
  }

  @Override
  public long changes() {
    return ownership.lostCount() + reloading.count();
  }
}
