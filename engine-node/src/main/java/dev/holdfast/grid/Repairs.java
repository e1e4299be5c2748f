package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Standstill;
import dev.holdfast.grid.dispatch.CommandSink;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.grid.reach.Wire;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.StoreException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repairs single executions by wish, on their owner: lets everything follow that follows from the
 * state, and makes everything anew that is derived from it. Can be repeated harmlessly. Blocks; for
 * virtual threads.
 */
final class Repairs {
  private static final Logger LOG = LoggerFactory.getLogger(Repairs.class);
  private static final long WITHIN_SECONDS = 15;

  private record Wish(String execution, String by) {}

  private final Neighbours neighbours;
  private final OwnerThread owner;
  private final CommandSink commands;
  private final Drift drift;
  private final Reconciler reconciler;
  private final Consumer<ExecutionState> rederive;

  Repairs(
      Neighbours neighbours,
      OwnerThread owner,
      CommandSink commands,
      Drift drift,
      Reconciler reconciler,
      Consumer<ExecutionState> rederive) {
    this.neighbours = neighbours;
    this.owner = owner;
    this.commands = commands;
    this.drift = drift;
    this.reconciler = reconciler;
    this.rederive = rederive;
  }

  /** Repairs what this member owns, when others wish for it. */
  void serve() {
    neighbours.serve(
        PeerOp.REPAIR,
        (from, body) -> {
          Wish wish = Wire.read(body, Wish.class);
          return Wire.write(here(ExecutionKey.parse(wish.execution()), wish.by()));
        });
  }

  /**
   * Repairs the execution, wherever it is owned; one that is not in memory has ended, or never
   * began.
   *
   * @throws StoreException when its owner can't say what became of it
   */
  Repair repair(ExecutionKey key, String by) {
    byte[] wish = Wire.write(new Wish(key.text(), by));
    return Wire.read(neighbours.ofOwner(key, PeerOp.REPAIR, wish), Repair.class);
  }

  private Repair here(ExecutionKey key, String by) {
    neighbours.requireOwned(key);
    ExecutionEntry before = await(owner.inspect(key));
    if (before == null) {
      return Repair.NOTHING;
    }
    Outcome outcome = await(commands.submit(key, new Command.FireTimers()));
    if (!(outcome instanceof Outcome.Done done)) {
      throw new StoreException(key + " was not repaired: " + outcome);
    }
    ExecutionState state = done.state();
    // What the command has just brought about may still be on its way.
    List<String> missing = done.changed() ? List.of() : drift.of(state);
    rederive.accept(state);
    reconciler.repaired(state, missing.size());
    var repair = new Repair(done.changed(), missing, Standstill.isStuck(state));
    LOG.info("execution {} was repaired for {}: {}", key, by, repair);
    return repair;
  }

  private static <T extends @Nullable Object> T await(CompletableFuture<T> answer) {
    try {
      return answer.get(WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new StoreException("the repair was not through in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("the member is shutting down", e);
    }
  }
}
