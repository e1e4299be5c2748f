package dev.holdfast.grid;

import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.peer.Peers;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other members which of their entries, or of the copies that they keep, are durable: to each
 * member one message at a time, with whatever has gathered. A message that is lost is made up for
 * by the owner's asking again. Thread-safe; never blocks.
 */
final class DurableNotices {
  private static final Logger LOG = LoggerFactory.getLogger(DurableNotices.class);

  /** Ids of one message, at most. */
  private static final int IDS_MAX = 8192;

  private final Peers peers;
  private final Map<UUID, Line> lines = new ConcurrentHashMap<>();

  DurableNotices(Peers peers) {
    this.peers = peers;
  }

  private static final class Line {
    final Queue<Long> ids = new ConcurrentLinkedQueue<>();
    final AtomicBoolean underWay = new AtomicBoolean();
  }

  /** Goes out with the next {@link #flush}. */
  void add(UUID member, long id) {
    lines.computeIfAbsent(member, unused -> new Line()).ids.add(id);
  }

  /** Sends what has gathered. */
  void flush() {
    lines.forEach(this::flush);
  }

  private void flush(UUID member, Line line) {
    if (line.ids.isEmpty() || !line.underWay.compareAndSet(false, true)) {
      return;
    }
    asked(member, encode(line.ids))
        .whenComplete((answer, error) -> {
          line.underWay.set(false);
          if (error == null) {
            flush(member, line);
          } else {
            LOG.debug("member {} was not told what is durable", member, error);
          }
        });
  }

  /** Never throws: this runs on the journal's writer, which must go on whatever the grid does. */
  private CompletableFuture<byte[]> asked(UUID member, byte[] ids) {
    try {
      return peers.ask(member, PeerOp.DURABLE, ids);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static byte[] encode(Queue<Long> ids) {
    var buffer = ByteBuffer.allocate(IDS_MAX * Long.BYTES);
    while (buffer.hasRemaining()) {
      Long id = ids.poll();
      if (id == null) {
        break;
      }
      buffer.putLong(id);
    }
    byte[] body = new byte[buffer.flip().remaining()];
    buffer.get(body);
    return body;
  }

  static long[] decode(byte[] body) {
    long[] ids = new long[body.length / Long.BYTES];
    ByteBuffer.wrap(body).asLongBuffer().get(ids);
    return ids;
  }

  /** The member is gone, and with it what it was to be told. */
  void forget(UUID member) {
    lines.remove(member);
  }
}
