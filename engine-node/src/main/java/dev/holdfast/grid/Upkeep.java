package dev.holdfast.grid;

import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.map.IMap;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.Rejection;
import dev.holdfast.core.Timers;
import dev.holdfast.grid.dispatch.AgentDispatcher;
import dev.holdfast.grid.dispatch.CommandSink;
import dev.holdfast.journal.ExecutionEntry;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that does what is due by the clock: timers, shortages and retirements every 8 ms,
 * leases every 100.
 */
final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(8);
  private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final SteadyClock clock;
  private final CommandSink commands;
  private final IMap<String, ExecutionEntry> executions;
  private final ExecutionTimers timers;
  private final AgentDispatcher dispatcher;
  private final Retirements retirements;
  private final Predicate<ExecutionKey> isTelling;
  private final Thread thread;
  private volatile boolean open = true;

  /**
   * Begins at once.
   *
   * @param isTelling whether others have still to hear of an execution's end: it stays in memory
   *     until then, so that who takes it over tells them
   */
  Upkeep(
      SteadyClock clock,
      CommandSink commands,
      IMap<String, ExecutionEntry> executions,
      ExecutionTimers timers,
      AgentDispatcher dispatcher,
      Retirements retirements,
      Predicate<ExecutionKey> isTelling) {
    this.clock = clock;
    this.commands = commands;
    this.executions = executions;
    this.timers = timers;
    this.dispatcher = dispatcher;
    this.retirements = retirements;
    this.isTelling = isTelling;
    this.thread = Thread.ofPlatform().name("holdfast-upkeep").daemon().start(this::run);
  }

  private void run() {
    long sweepAt = System.nanoTime();
    while (open) {
      try {
        round();
        if (System.nanoTime() - sweepAt >= 0) {
          sweep();
          sweepAt = System.nanoTime() + SWEEP_NANOS;
        }
      } catch (HazelcastInstanceNotActiveException e) {
        LOG.debug("this member has left its cluster: nothing is left to keep up", e);
      } catch (RuntimeException e) {
        LOG.error("upkeep failed, it goes on", e);
      }
      LockSupport.parkNanos(ROUND_NANOS);
    }
  }

  private void round() {
    timers.poll(this::fire);
    dispatcher.refill();
    dispatcher.tellShortages();
    retirements.poll(this::retire);
  }

  private void retire(ExecutionKey key) {
    if (isTelling.test(key)) {
      retirements.add(key);
      return;
    }
    executions
        .submitToKey(key.text(), new Retirement())
        .whenCompleteAsync(
            (retired, error) -> {
              if (error != null || !retired) {
                // Not durable everywhere yet, or its partition is on its way to another member.
                retirements.add(key);
              }
            },
            Runnable::run);
  }

  private void sweep() {
    dispatcher.sweep();
    clock.slew();
  }

  private void fire(ExecutionKey key) {
    commands
        .submit(key, new Command.FireTimers())
        .whenComplete((outcome, error) -> {
          Optional<Instant> next =
              switch (outcome) {
                case Outcome.Done done -> Timers.next(done.state());
                case Outcome.Refused refused
                    when refused.rejection().code() == Rejection.Code.EXECUTION_NOT_FOUND ->
                    Optional.empty();
                case Outcome.Refused refused -> Optional.of(clock.instant().plusSeconds(1));
                case null -> Optional.of(clock.instant().plusSeconds(1));
              };
          next.ifPresent(at -> timers.arm(key, at));
        });
  }

  /** Returns when the round that is under way has ended. */
  @Override
  public void close() {
    open = false;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
