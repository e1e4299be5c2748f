package dev.holdfast.grid;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Tells of members that have left.
 *
 * @param left told of each
 */
record Leavers(Consumer<UUID> left) implements MembershipListener {
  @Override
  public void memberAdded(MembershipEvent event) {
    // Nothing is kept for it yet.
  }

  @Override
  public void memberRemoved(MembershipEvent event) {
    left.accept(event.getMember().getUuid());
  }
}
