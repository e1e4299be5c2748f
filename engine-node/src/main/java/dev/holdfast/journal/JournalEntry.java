package dev.holdfast.journal;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Event;
import dev.holdfast.core.ExecutionState;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The events of one transition on their way to the disk, and what became of them. Made on the
 * partition thread, completed by the journal's writer; safe to read from any thread.
 *
 * <p>Once durable it lets go of everything heavy, since the newest entry of every live execution
 * stays in memory as long as the execution does.
 */
public final class JournalEntry {
  /**
   * What is let go of once the entry is durable.
   *
   * @param fromSeq seq of the first event; one above the state's in an entry without events
   * @param epoch under which the events were decided; of an entry without events: the last one's
   * @param payload the events as encoded; empty in an entry without events
   * @param previousHash the chain's head before the first event
   * @param hash the chain's head after the last event
   * @param after the state with all of the events
   */
  public record Content(
      ExecutionKey key,
      long fromSeq,
      long epoch,
      Instant at,
      List<Event> events,
      byte[] payload,
      byte[] previousHash,
      byte[] hash,
      ExecutionState after) {}

  private static final CompletableFuture<Void> DURABLE = CompletableFuture.completedFuture(null);
  private static final JournalEntry ALREADY_DURABLE = new JournalEntry(null, DURABLE);

  private boolean submitted;
  private volatile @Nullable Content content;
  private volatile CompletableFuture<Void> durable;

  private JournalEntry(@Nullable Content content, CompletableFuture<Void> durable) {
    this.submitted = content == null;
    this.content = content;
    this.durable = durable;
  }

  /** An entry that has yet to be written. */
  public static JournalEntry pending(Content content) {
    return new JournalEntry(content, new CompletableFuture<>());
  }

  /**
   * An entry without events: the execution came to this member as it is, and its store has yet to
   * keep it ({@link ChainStore}).
   */
  public static JournalEntry adoption(ExecutionState state, byte[] hash, long epoch) {
    return pending(
        new Content(
            state.key(),
            state.seq() + 1,
            epoch,
            state.updatedAt(),
            List.of(),
            new byte[0],
            hash,
            hash,
            state));
  }

  /** Stands for whatever an execution read from the store has behind it. */
  public static JournalEntry durable() {
    return ALREADY_DURABLE;
  }

  /**
   * @throws IllegalStateException when the entry is durable already
   */
  public Content content() {
    Content here = content;
    if (here == null) {
      throw new IllegalStateException("the entry is durable and has let go of its content");
    }
    return here;
  }

  /**
   * Claims the entry for the journal: true for the first who asks, so that it is queued once
   * however often the grid stores it.
   */
  public synchronized boolean submit() {
    boolean first = !submitted;
    submitted = true;
    return first;
  }

  /**
   * Completes once the entry is on the disk; exceptionally with a {@link FencedException} when it
   * never will be, since somebody else owns the execution now.
   */
  public CompletableFuture<Void> whenDurable() {
    return durable;
  }

  public boolean isDurable() {
    CompletableFuture<Void> here = durable;
    return here.isDone() && !here.isCompletedExceptionally();
  }

  /** Called by the writer after the commit. Runs what waits for it. */
  public void complete() {
    CompletableFuture<Void> waiters = durable;
    durable = DURABLE;
    content = null;
    waiters.complete(null);
  }

  /** Called by the writer when the entry can never be written. */
  public void fail(Throwable cause) {
    durable.completeExceptionally(cause);
  }
}
