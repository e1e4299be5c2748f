package dev.holdfast.grid.chain;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.grid.Replicas;
import dev.holdfast.grid.peer.NotServingException;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.peer.Peers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles single executions on demand, for who can't wait until the settling comes to them: as long
 * as other members may have chains that this one should have, they are asked. Which is over when
 * each has said that it has offered all that it has. Thread-safe.
 */
final class ChainSearch {
  private static final Logger LOG = LoggerFactory.getLogger(ChainSearch.class);

  private final ChainPeers peers;
  private final BetterChains better;
  private final Replicas replicas;

  /** What members and partitions were like. */
  private record Seen(int memberList, long partitions) {}

  /** When nothing was missing. */
  private volatile @Nullable Seen whole;

  /** By which roles each member offered all that it has, and everything was taken. */
  private final Map<UUID, Long> offered = new ConcurrentHashMap<>();

  ChainSearch(ChainPeers peers, BetterChains better, Replicas replicas) {
    this.peers = peers;
    this.better = better;
    this.replicas = replicas;
  }

  void serve(Peers all) {
    all.serve(
        PeerOp.CHAIN_OFFERED,
        (from, body) -> {
          offered.put(from, ByteBuffer.wrap(body).getLong());
          return new byte[0];
        });
  }

  /** Tells the others that this member's chains are where they should be by these roles. */
  void announce(Roles roles) {
    byte[] body = ByteBuffer.allocate(Long.BYTES).putLong(roles.fingerprint()).array();
    for (UUID other : peers.others()) {
      peers.tell(other, PeerOp.CHAIN_OFFERED, body);
    }
  }

  /** Whether no other member has anything that this one should have and has not. */
  boolean isWhole() {
    // In this order: a change in between makes the answer stale, not wrong.
    var seen = new Seen(replicas.memberListVersion(), replicas.partitionStamp());
    if (seen.equals(whole)) {
      return true;
    }
    List<UUID> others = peers.others();
    offered.keySet().retainAll(others);
    long now = Roles.of(replicas).fingerprint();
    if (others.stream().allMatch(other -> offered.getOrDefault(other, ~now) == now)) {
      whole = seen;
      return true;
    }
    return false;
  }

  /**
   * Sees to it that this member's store has the best chain of the execution that there is.
   *
   * @throws NotServingException when a member does not answer; worth another try
   */
  void settle(ExecutionKey key) {
    if (isWhole()) {
      return;
    }
    try {
      for (UUID other : peers.others()) {
        better.take(other, List.of(key));
      }
    } catch (ChainPeers.UnansweredException e) {
      LOG.debug("{} can't be looked for", key, e);
      throw new NotServingException("not every member says what it has of " + key);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotServingException("the member is shutting down");
    }
  }
}
