package dev.holdfast.journal;

import java.util.List;

/**
 * The group commit: gathers entries and writes whatever has gathered with one commit. One writer
 * thread; {@link #append} is called on partition threads and never blocks.
 */
public interface Journal extends AutoCloseable {
  /** Queues the entry. Entries of one execution come in the order of their seq. */
  void append(JournalEntry entry);

  /** Whether commits succeed at the moment; while not, commands are refused up front. */
  boolean isHealthy();

  /** Entries that wait for a commit. */
  int backlog();

  /**
   * Who is told of every committed batch, in order, on one thread of its own, with the content the
   * entries had. An entry's own waiters are completed by then.
   */
  interface DurableListener {
    void onDurable(List<JournalEntry.Content> batch);
  }

  /** Writes what has gathered, then stops. */
  @Override
  void close();
}
