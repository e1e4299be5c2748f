package dev.holdfast.grid.gate;

import dev.holdfast.client.wire.Reply;
import dev.holdfast.journal.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the replies to a batch, which go back together. One that takes far longer than the
 * others, since its partition waits for a backup, does not hold them up: it is answered with
 * "outcome unknown", and its request comes again. What is far longer shows by the first: where all
 * is slow, on a member that has just started, asking again would only make it slower. While none
 * has come, all are waited for: with a store that hangs it is no use to ask again.
 */
public final class BatchAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(BatchAnswers.class);

  private final Duration within;
  private final Duration straggle;
  private final LongSupplier nanoTime;

  /**
   * @param within how long the first reply is waited for, above 0
   * @param straggle how long the others are waited for once one is there, above 0; longer where the
   *     first took longer
   */
  public BatchAnswers(Duration within, Duration straggle) {
    this(within, straggle, System::nanoTime);
  }

  BatchAnswers(Duration within, Duration straggle, LongSupplier nanoTime) {
    this.within = within;
    this.straggle = straggle;
    this.nanoTime = nanoTime;
  }

  /** The replies in the order of the requests. Blocks. */
  public List<Reply> await(List<CompletableFuture<Reply>> replies) {
    if (replies.isEmpty()) {
      return List.of();
    }
    long begun = nanoTime.getAsLong();
    awaitFirst(replies);
    long until = nanoTime.getAsLong() + forOthersNanos(nanoTime.getAsLong() - begun);
    List<Reply> answers = new ArrayList<>(replies.size());
    for (CompletableFuture<Reply> reply : replies) {
      answers.add(answer(reply, until - nanoTime.getAsLong()));
    }
    return answers;
  }

  /** As long again as the first has taken, within what the batch may take. */
  private long forOthersNanos(long firstNanos) {
    return Math.max(straggle.toNanos(), Math.min(firstNanos, within.toNanos() - firstNanos));
  }

  private void awaitFirst(List<CompletableFuture<Reply>> replies) {
    try {
      CompletableFuture.anyOf(replies.toArray(CompletableFuture<?>[]::new))
          .get(within.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      LOG.debug("none of {} requests was answered within {}", replies.size(), within);
    } catch (ExecutionException e) {
      LOG.debug("the first of {} requests that was answered failed", replies.size(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Reply answer(CompletableFuture<Reply> reply, long withinNanos) {
    try {
      return reply.get(Math.max(0, withinNanos), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return unknown("the store did not confirm in time");
    } catch (ExecutionException e) {
      return switch (e.getCause()) {
        case StoreException failure -> Refusals.of(failure);
        case IllegalArgumentException failure -> Refusals.of(failure);
        // Whatever the grid or the journal ran into, the command can be repeated.
        case null, default -> unknown(String.valueOf(e.getCause()));
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unknown("the member is shutting down");
    }
  }

  private static Reply unknown(String why) {
    return new Reply.Refused(Reply.Refused.OUTCOME_UNKNOWN, why);
  }
}
