package dev.holdfast.grid.gate;

import com.hazelcast.client.Client;
import com.hazelcast.client.ClientListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import dev.holdfast.client.wire.Wire;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.peer.Peers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices thin clients whose connection is gone. One that is connected to no member for a minute is
 * forgotten: a client that was killed leaves its push topic behind, and each restart of it brings
 * another. Thread-safe.
 */
public final class Departures implements ClientListener, AutoCloseable {
  /** A client that is away for so long is not coming back under the same id. */
  private static final Duration FORGET_AFTER = Duration.ofMinutes(1);

  /** When not all members answer it is tried again, so many times in all. */
  private static final int TRIES_MAX = 10;

  private static final byte[] NO = {0};
  private static final byte[] YES = {1};
  private static final Logger LOG = LoggerFactory.getLogger(Departures.class);

  private final HazelcastInstance hazelcast;
  private final Peers peers;
  private final Consumer<UUID> gone;
  private final Duration forgetAfter;
  private final UUID registration;
  private volatile boolean open = true;

  /**
   * Begins at once.
   *
   * @param gone told of a client that this member has no connection of any more
   */
  public Departures(HazelcastInstance hazelcast, Peers peers, Consumer<UUID> gone) {
    this(hazelcast, peers, gone, FORGET_AFTER);
  }

  Departures(HazelcastInstance hazelcast, Peers peers, Consumer<UUID> gone, Duration forgetAfter) {
    this.hazelcast = hazelcast;
    this.peers = peers;
    this.gone = gone;
    this.forgetAfter = forgetAfter;
    peers.serve(PeerOp.CLIENT_CONNECTED, (from, body) -> isConnected(id(body)) ? YES : NO);
    this.registration = hazelcast.getClientService().addClientListener(this);
  }

  @Override
  public void clientConnected(Client client) {
    LOG.debug("client {} has connected", client.getUuid());
  }

  @Override
  public void clientDisconnected(Client client) {
    UUID id = client.getUuid();
    // The event of a connection that was replaced can come after the new one is in use.
    if (!isConnected(id)) {
      gone.accept(id);
      forgetLater(id, TRIES_MAX);
    }
  }

  private boolean isConnected(UUID client) {
    return hazelcast.getClientService().getConnectedClients().stream()
        .anyMatch(connected -> connected.getUuid().equals(client));
  }

  private void forgetLater(UUID client, int tries) {
    if (open && tries > 0) {
      CompletableFuture.delayedExecutor(
              forgetAfter.toMillis(), TimeUnit.MILLISECONDS, Thread::startVirtualThread)
          .execute(() -> forget(client, tries));
    }
  }

  private void forget(UUID client, int tries) {
    try {
      if (!open || isConnected(client)) {
        return;
      }
      List<CompletableFuture<byte[]>> answers = new ArrayList<>();
      for (UUID other : peers.others()) {
        answers.add(peers.ask(other, PeerOp.CLIENT_CONNECTED, body(client)));
      }
      CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
          .whenCompleteAsync(
              (unused, failure) -> {
                if (failure != null) {
                  forgetLater(client, tries - 1);
                } else if (answers.stream().allMatch(answer -> answer.join()[0] == NO[0])) {
                  destroyTopic(client);
                }
              },
              Thread::startVirtualThread);
    } catch (HazelcastInstanceNotActiveException e) {
      LOG.debug("client {} needs no forgetting, the member is gone", client, e);
    }
  }

  private void destroyTopic(UUID client) {
    try {
      hazelcast.getTopic(Wire.pushTopic(client)).destroy();
    } catch (HazelcastInstanceNotActiveException e) {
      LOG.debug("client {} needs no forgetting, the member is gone", client, e);
    }
  }

  private static byte[] body(UUID client) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(client.getMostSignificantBits())
        .putLong(client.getLeastSignificantBits())
        .array();
  }

  private static UUID id(byte[] body) {
    var bytes = ByteBuffer.wrap(body);
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  @Override
  public void close() {
    open = false;
    hazelcast.getClientService().removeClientListener(registration);
  }
}
