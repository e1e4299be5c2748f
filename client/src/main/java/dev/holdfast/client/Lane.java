package dev.holdfast.client;

import dev.holdfast.client.wire.Wire;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The requests for one member. One that comes alone goes at once; while {@link #IN_FLIGHT_MAX}
 * batches are under way, further ones gather and go together as soon as one of them is back. So
 * batches grow with the load and cost nothing without it.
 */
final class Lane {
  /** Batches under way at most. */
  static final int IN_FLIGHT_MAX = 4;

  /** A batch is closed once its requests take about so many bytes. */
  private static final long BATCH_BYTES = 1 << 20;

  /** Sends a batch; calls {@link Lane#landed} once it is answered or lost. */
  interface Sender {
    /**
     * @return false: there was nothing to send
     */
    boolean send(Lane lane, List<Pending> batch);
  }

  private final UUID member;
  private final Sender sender;
  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
  private int inFlight;
  private boolean windowsChanged;
  private boolean closed;

  Lane(UUID member, Sender sender) {
    this.member = member;
    this.sender = sender;
  }

  UUID member() {
    return member;
  }

  /**
   * @return false: the lane is closed, and the request was not taken
   */
  boolean add(Pending pending) {
    synchronized (this) {
      if (closed) {
        return false;
      }
      waiting.add(pending);
    }
    pump();
    return true;
  }

  /** Sends nothing more; returns what waited. */
  synchronized List<Pending> close() {
    closed = true;
    List<Pending> left = List.copyOf(waiting);
    waiting.clear();
    return left;
  }

  /** The member should hear of new windows, with the next batch or with one of their own. */
  void windowsChanged() {
    synchronized (this) {
      windowsChanged = true;
    }
    pump();
  }

  void landed() {
    synchronized (this) {
      inFlight--;
    }
    pump();
  }

  private void pump() {
    List<Pending> batch = next();
    while (batch != null) {
      if (!sender.send(this, batch)) {
        synchronized (this) {
          inFlight--;
        }
      }
      batch = next();
    }
  }

  private synchronized @Nullable List<Pending> next() {
    if (closed || inFlight == IN_FLIGHT_MAX || (waiting.isEmpty() && !windowsChanged)) {
      return null;
    }
    windowsChanged = false;
    inFlight++;
    List<Pending> batch = new ArrayList<>(Math.min(waiting.size(), Wire.BATCH_REQUESTS_MAX));
    long bytes = 0;
    while (!waiting.isEmpty() && batch.size() < Wire.BATCH_REQUESTS_MAX && bytes < BATCH_BYTES) {
      Pending pending = waiting.remove();
      bytes += pending.bytes();
      batch.add(pending);
    }
    return batch;
  }
}
