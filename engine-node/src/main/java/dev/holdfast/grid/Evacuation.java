package dev.holdfast.grid;

import java.time.Duration;
import java.util.concurrent.Future.State;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a member that is about to leave hand over what it owns and backs up while it still serves.
 * What can't be handed over so is left to Hazelcast's shutdown.
 */
final class Evacuation {
  private static final Logger LOG = LoggerFactory.getLogger(Evacuation.class);

  /** As long as Hazelcast's shutdown would take at most. */
  private static final Duration WITHIN = Duration.ofSeconds(60);

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final Replicas replicas;
  private final BooleanSupplier last;

  /**
   * @param last whether nobody stays who could take anything
   */
  Evacuation(Replicas replicas, BooleanSupplier last) {
    this.replicas = replicas;
    this.last = last;
  }

  /** Returns when everything is with others, or nothing more comes of it. */
  void run() {
    if (last.getAsBoolean()) {
      return;
    }
    var giving = new FutureTask<>(() -> replicas.giveAway(WITHIN));
    Thread.ofVirtual().name("holdfast-evacuation").start(giving);
    // Hazelcast would try for ever to find a place among members that all leave.
    while (!giving.isDone() && !last.getAsBoolean()) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    if (giving.cancel(true)) {
      LOG.info("All other members leave as well: what this one has stays on its disk");
    } else if (giving.state() == State.FAILED || !giving.resultNow()) {
      LOG.info("Not everything could be handed over before leaving, the rest goes with it");
    }
  }
}
