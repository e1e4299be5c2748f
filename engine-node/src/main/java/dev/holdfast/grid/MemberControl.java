package dev.holdfast.grid;

import dev.holdfast.grid.quorum.Quorum;
import dev.holdfast.grid.quorum.Standing;
import java.util.concurrent.CompletableFuture;

/** A member's {@link ClusterControl}. */
record MemberControl(Quorum quorum, Departure departure) implements ClusterControl {
  @Override
  public Standing standing() {
    if (departure.isOver()) {
      return new Standing(ClusterState.DRAINED, Epochs.NONE, 0, 0, "the member has left");
    }
    Standing now = quorum.standing();
    return departure.hasBegun()
        ? new Standing(
            ClusterState.DRAINING,
            now.epoch(),
            now.present(),
            now.needed(),
            "the member hands over what it owns, and leaves")
        : now;
  }

  @Override
  public CompletableFuture<Void> opened() {
    return quorum.opened();
  }

  @Override
  public CompletableFuture<Void> forceOpen() {
    return quorum.force();
  }

  @Override
  public CompletableFuture<Void> drain() {
    return departure.begin();
  }

  @Override
  public CompletableFuture<Void> draining() {
    return departure.begun();
  }
}
