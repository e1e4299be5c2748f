package dev.holdfast.grid.gate;

import com.hazelcast.topic.ITopic;
import dev.holdfast.client.wire.Push;
import dev.holdfast.client.wire.PushCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one client is to be told, in order. The thread that adds never encodes or sends: a virtual
 * thread takes whatever has gathered and publishes it as one message. Thread-safe.
 */
public final class PushQueue {
  private static final Logger LOG = LoggerFactory.getLogger(PushQueue.class);

  /** Pushes of one message at most. */
  private static final int MESSAGE_PUSHES_MAX = 256;

  private final ITopic<byte[]> topic;
  private final Queue<Push> queue = new ConcurrentLinkedQueue<>();

  /** Pushes in the queue; whoever raises it from zero starts the sender. */
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * @param topic the client's own
   */
  public PushQueue(ITopic<byte[]> topic) {
    this.topic = topic;
  }

  /** Sends this soon. Never blocks. */
  public void add(Push push) {
    queue.add(push);
    if (waiting.getAndIncrement() == 0) {
      Thread.ofVirtual().name("holdfast-push").start(this::send);
    }
  }

  private void send() {
    List<Push> batch = new ArrayList<>();
    do {
      batch.clear();
      while (batch.size() < MESSAGE_PUSHES_MAX && queue.peek() != null) {
        batch.add(queue.remove());
      }
      publish(batch);
    } while (waiting.addAndGet(-batch.size()) > 0);
  }

  private void publish(List<Push> batch) {
    try {
      topic.publish(PushCodec.encode(batch));
    } catch (RuntimeException e) {
      // Beats and re-checks make up for it; the agent's tasks are handed out anew.
      LOG.warn("{} pushes to {} are lost", batch.size(), topic.getName(), e);
    }
  }
}
