package dev.holdfast.grid.blob;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.grid.Replicas;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.grid.reach.Wire;
import dev.holdfast.journal.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks each execution's owner whether it is still kept. */
final class ClusterUsers implements Users {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterUsers.class);
  private static final Duration ANSWER_WITHIN = Duration.ofMinutes(1);

  private final Peers peers;
  private final Replicas replicas;
  private final Users here;

  private record Keys(List<String> keys) {
    static Keys of(Collection<ExecutionKey> executions) {
      return new Keys(executions.stream().map(ExecutionKey::text).toList());
    }

    List<ExecutionKey> executions() {
      return keys.stream().map(ExecutionKey::parse).toList();
    }
  }

  /**
   * Answers other members from here on.
   *
   * @param here says it of executions that this member owns
   */
  ClusterUsers(Peers peers, Replicas replicas, Users here) {
    this.peers = peers;
    this.replicas = replicas;
    this.here = here;
    peers.serve(
        PeerOp.BLOB_USERS_GONE,
        (from, body) -> Wire.write(Keys.of(goneHere(Wire.read(body, Keys.class).executions()))));
  }

  private Set<ExecutionKey> goneHere(Collection<ExecutionKey> executions) {
    // Of what has moved meanwhile nothing is said, so it counts as kept.
    return here.gone(executions.stream().filter(replicas::isOwned).toList());
  }

  @Override
  public Set<ExecutionKey> gone(Collection<ExecutionKey> executions) {
    Map<UUID, List<ExecutionKey>> byOwner = new HashMap<>();
    for (ExecutionKey key : executions) {
      UUID owner = replicas.owner(replicas.partitionOf(key.text()));
      if (owner != null) {
        byOwner.computeIfAbsent(owner, unused -> new ArrayList<>()).add(key);
      }
    }
    var gone = new HashSet<ExecutionKey>();
    byOwner.forEach((owner, keys) -> {
      try {
        gone.addAll(owner.equals(peers.self()) ? goneHere(keys) : ask(owner, keys));
      } catch (StoreException e) {
        LOG.debug("Member {} does not say which executions it has", owner, e);
      }
    });
    return gone;
  }

  private List<ExecutionKey> ask(UUID owner, List<ExecutionKey> keys) {
    try {
      byte[] answer =
          peers
              .ask(owner, PeerOp.BLOB_USERS_GONE, Wire.write(Keys.of(keys)))
              .get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      return Wire.read(answer, Keys.class).executions();
    } catch (ExecutionException | TimeoutException e) {
      throw new StoreException("member " + owner + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("the node is shutting down", e);
    }
  }
}
