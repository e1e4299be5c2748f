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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the replies to a batch, which go back together. One that takes far longer than the
 * others, since its partition waits for a backup, does not hold them up: it is answered with
 * "outcome unknown", and its request comes again. While none has come, all are waited for: with a
 * store that hangs it is no use to ask again.
 */
public final class BatchAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(BatchAnswers.class);

  private final Duration within;
  private final Duration straggle;

  /**
   * @param within how long the first reply is waited for, above 0
   * @param straggle how long the others are waited for once one is there, above 0
   */
  public BatchAnswers(Duration within, Duration straggle) {
    this.within = within;
    this.straggle = straggle;
  }

  /** The replies in the order of the requests. Blocks. */
  public List<Reply> await(List<CompletableFuture<Reply>> replies) {
    if (replies.isEmpty()) {
      return List.of();
    }
    awaitFirst(replies);
    long until = System.nanoTime() + straggle.toNanos();
    List<Reply> answers = new ArrayList<>(replies.size());
    for (CompletableFuture<Reply> reply : replies) {
      answers.add(answer(reply, until - System.nanoTime()));
    }
    return answers;
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
