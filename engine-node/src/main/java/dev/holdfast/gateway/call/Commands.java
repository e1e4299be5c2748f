package dev.holdfast.gateway.call;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.gateway.problem.Problem;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import dev.holdfast.grid.Engine;
import dev.holdfast.grid.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends commands and waits until their outcome is durable. */
public final class Commands {
  /** Longer than the engine's own patience with the store, which it reports as a time-out. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Commands() {}

  /**
   * Runs the command.
   *
   * @throws ProblemException when it is refused, or when its outcome is not known
   */
  public static Outcome.Done run(Engine engine, ExecutionKey key, Command command) {
    return switch (await(engine.submit(key, command))) {
      case Outcome.Done done -> done;
      case Outcome.Refused refused -> throw new ProblemException(Problem.of(refused.rejection()));
    };
  }

  /**
   * What the future gives, on a virtual thread.
   *
   * @throws ProblemException when it does not come in time
   */
  public static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw unknown();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case TimeoutException late -> throw unknown();
        case RuntimeException failure -> throw failure;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProblemException(ProblemKind.UNAVAILABLE, "the node is shutting down");
    }
  }

  private static ProblemException unknown() {
    return new ProblemException(
        ProblemKind.OUTCOME_UNKNOWN,
        "the command may have taken effect or not; sending it again is harmless");
  }
}
