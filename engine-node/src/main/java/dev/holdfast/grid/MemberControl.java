package dev.holdfast.grid;

import dev.holdfast.core.Rejection;
import dev.holdfast.grid.quorum.Quorum;
import dev.holdfast.grid.quorum.Standing;
import java.util.Optional;
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
  public Optional<Rejection> refusal() {
    if (quorum.current() != Epochs.NONE && !departure.isOver()) {
      return Optional.empty();
    }
    Standing now = departure.isOver() ? standing() : quorum.standing();
    return switch (now.state()) {
      case OPEN -> Optional.empty();
      case NO_QUORUM -> Optional.of(new Rejection(Rejection.Code.NO_QUORUM, now.detail()));
      case WAITING, DRAINING, DRAINED ->
          Optional.of(
              new Rejection(Rejection.Code.UNAVAILABLE, now.state().text() + ": " + now.detail()));
    };
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
