package dev.holdfast.grid;

import com.hazelcast.core.HazelcastInstanceNotActiveException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does something over and over, with a pause in between, on a virtual thread of its own. */
final class Rounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

  private final Duration pause;
  private final Runnable round;
  private final Thread thread;
  private volatile boolean open = true;

  /** Begins at once, with a pause. */
  Rounds(String name, Duration pause, Runnable round) {
    this.pause = pause;
    this.round = round;
    this.thread = Thread.ofVirtual().name(name).start(this::run);
  }

  private void run() {
    while (open) {
      try {
        Thread.sleep(pause);
        round.run();
      } catch (InterruptedException e) {
        return;
      } catch (HazelcastInstanceNotActiveException e) {
        LOG.debug("this member has left its cluster", e);
      } catch (RuntimeException e) {
        LOG.error("a round of {} failed, the next follows", thread.getName(), e);
      }
    }
  }

  /** No round begins any more. */
  @Override
  public void close() {
    open = false;
    thread.interrupt();
  }
}
