package dev.holdfast.journal;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * The group commit: gathers entries and writes whatever has gathered with one commit. One writer
 * thread; {@link #append} is called on partition threads and never blocks.
 */
public interface Journal extends AutoCloseable {
  /** Queues the entry. Entries of one execution come in the order of their seq. */
  void append(JournalEntry entry);

  /** The entry's confirmation by the backup may come from now on. Before it is appended. */
  void expect(JournalEntry entry);

  /** The backup has these entries, by their ids, and what came before of the same executions. */
  void confirmed(long[] ids);

  /** Entries that still wait for their confirmation. */
  List<JournalEntry> unconfirmed();

  /**
   * Fails those of the unconfirmed entries that nobody will confirm here any more.
   *
   * @param cause what their waiters hear
   */
  void failUnconfirmed(Predicate<JournalEntry.Content> lost, Throwable cause);

  /**
   * Completes once the listener has been told of all that is durable by now: for who reads what
   * follows from it. Dependents run on the listener's thread and must not block.
   */
  CompletableFuture<Void> told();

  /** Whether commits succeed at the moment; while not, commands are refused up front. */
  boolean isHealthy();

  /** Entries that wait for a commit. */
  int backlog();

  /**
   * Who is told of what has become durable, in order, on one thread of its own, with the content
   * the entries had. An entry's own waiters are completed by then. Copies, and entries without
   * events, are left out.
   */
  interface DurableListener {
    void onDurable(List<JournalEntry.Content> batch);
  }

  /** Who is told of every committed batch's copies, on the writer's thread; must not block. */
  interface CopyListener {
    /** No copies are expected. */
    CopyListener NONE = origins -> {};

    void onCopied(List<JournalEntry.Origin> origins);
  }

  /** Writes what has gathered, then stops. */
  @Override
  void close();
}
