package dev.holdfast.grid;

import com.hazelcast.core.HazelcastException;
import dev.holdfast.grid.peer.NotServingException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One command, sent again for as long as its execution is changing hands. A refusal means that
 * nothing was done: once an attempt was lost sight of, a later one that is turned away unheard
 * doesn't say so any more, and the outcome is not known. (One that is heard does: executions
 * recognise a command that they have taken before, unless their copy may be behind.)
 */
final class Resubmission {
  /** Pause before a command is sent again whose execution is changing hands. */
  static final long AGAIN_MILLIS = 20;

  /** How long the members' agreeing on an epoch is waited for before the caller hears of it. */
  private static final Duration AGREEMENT_MAX = Duration.ofSeconds(3);

  private final Supplier<CompletableFuture<Outcome>> attempt;
  private final Duration timeout;
  private final boolean mayBeBehind;
  private final long begunNanos = System.nanoTime();

  /**
   * @param attempt sends it once
   * @param timeout after which it is not sent again
   * @param mayBeBehind whether who takes an execution over may lack what the owner before decided
   *     last, until it writes: so it is with a shared store, which a cut-off owner reaches
   */
  Resubmission(
      Supplier<CompletableFuture<Outcome>> attempt, Duration timeout, boolean mayBeBehind) {
    this.attempt = attempt;
    this.timeout = timeout;
    this.mayBeBehind = mayBeBehind;
  }

  /**
   * Sends it.
   *
   * @return completes with what became of it; exceptionally with what {@link #isPassing passes}
   *     when that is not known
   */
  CompletableFuture<Outcome> outcome() {
    return after(null);
  }

  /**
   * @param lost how the last attempt ended that may have taken effect; null: there is none
   */
  private CompletableFuture<Outcome> after(@Nullable Throwable lost) {
    CompletableFuture<Outcome> outcome = attempted();
    if (outcome.isDone()
        && !outcome.isCompletedExceptionally()
        && isFinal(outcome.join())
        && tells(outcome.join(), lost)) {
      return outcome;
    }
    return outcome
        .handle((result, error) -> {
          if (isToRepeat(result, error)) {
            return again(error == null ? lost : error);
          }
          return result == null || tells(result, lost)
              ? outcome
              : CompletableFuture.<Outcome>failedFuture(lost);
        })
        .thenCompose(next -> next);
  }

  /** Whether the outcome of the newest attempt is that of the command. */
  private boolean tells(Outcome outcome, @Nullable Throwable lost) {
    return lost == null || isFinal(outcome) && !(mayBeBehind && outcome instanceof Outcome.Refused);
  }

  private CompletableFuture<Outcome> again(@Nullable Throwable lost) {
    return CompletableFuture.supplyAsync(
            () -> after(lost),
            CompletableFuture.delayedExecutor(
                AGAIN_MILLIS, TimeUnit.MILLISECONDS, Thread::startVirtualThread))
        .thenCompose(next -> next);
  }

  /** An attempt that fails before it is on its way is one like any other. */
  private CompletableFuture<Outcome> attempted() {
    try {
      return attempt.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private boolean isToRepeat(@Nullable Outcome outcome, @Nullable Throwable error) {
    Duration passed = Duration.ofNanos(System.nanoTime() - begunNanos);
    if (outcome != null) {
      return !isFinal(outcome) && passed.compareTo(AGREEMENT_MAX) < 0;
    }
    return error != null && isPassing(unwrap(error)) && passed.compareTo(timeout) < 0;
  }

  /** Whether the execution itself has answered. */
  private static boolean isFinal(Outcome outcome) {
    return !(outcome instanceof Outcome.Refused refused)
        || switch (refused.rejection().code()) {
          case NO_QUORUM, UNAVAILABLE -> false;
          default -> true;
        };
  }

  /** Whether the failure is due to members that come and go, and not to what was asked. */
  static boolean isPassing(Throwable error) {
    return switch (error) {
      case UnsettledException e -> true;
      case MovedException e -> true;
      case NotServingException e -> true;
      case HazelcastException e -> true;
      default -> false;
    };
  }

  /** What futures have wrapped. */
  static Throwable unwrap(Throwable error) {
    Throwable inner = error;
    while (inner instanceof CompletionException || inner instanceof ExecutionException) {
      Throwable cause = inner.getCause();
      if (cause == null) {
        return inner;
      }
      inner = cause;
    }
    return inner;
  }
}
