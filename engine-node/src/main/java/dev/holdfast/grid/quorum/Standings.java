package dev.holdfast.grid.quorum;

import dev.holdfast.grid.ClusterState;
import dev.holdfast.grid.Epochs;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Puts into words how a member stands. */
final class Standings {
  /**
   * Each member that comes or goes takes the epoch away for the moment that the next one takes to
   * be agreed on; who asks then should not hear of a cluster in trouble.
   */
  private static final long AGREED_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(2);

  private Standings() {}

  /**
   * @param adopted null: nothing yet
   * @param unsettledNanos for how long there has been no epoch, though the cluster is open
   */
  static Standing of(
      @Nullable Adoption adopted, long epoch, int present, int clusterSize, long unsettledNanos) {
    int counted =
        adopted != null && adopted.phase() == Phase.OPEN ? adopted.seats().count() : clusterSize;
    int needed = Seats.quorumOf(counted);
    if (adopted != null && adopted.phase() == Phase.OPEN) {
      boolean enough = present >= needed;
      if (epoch != Epochs.NONE || (enough && unsettledNanos < AGREED_WITHIN_NANOS)) {
        return new Standing(
            ClusterState.OPEN, epoch, present, needed, forced(adopted, clusterSize));
      }
      String detail =
          enough
              ? "the members have not agreed on an epoch yet"
              : "this member sees "
                  + present
                  + " members, itself included; "
                  + needed
                  + " are needed";
      return new Standing(ClusterState.NO_QUORUM, Epochs.NONE, present, needed, detail);
    }
    String detail =
        adopted != null && adopted.phase() == Phase.INSTALLING
            ? "the members bring in the executions that they have"
            : "waits for members: " + present + " of " + clusterSize + " are there";
    return new Standing(ClusterState.WAITING, Epochs.NONE, present, needed, detail);
  }

  private static String forced(Adoption adopted, int clusterSize) {
    Seats seats = adopted.seats();
    return seats.forced()
        ? "opened by force with %d of %d members: what only the others have is not here"
            .formatted(seats.count(), clusterSize)
        : "";
  }
}
