package dev.holdfast.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Completes entries once all that they wait for has come: the commit, and the backup's confirmation
 * where one is due. Whichever comes last, the entries of one execution are completed, and told to
 * the feed, in the order of their seq. Thread-safe.
 */
final class Releases {
  private final DurableFeed feed;
  private final Journal.CopyListener copies;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, JournalEntry> unconfirmed = new ConcurrentHashMap<>();

  Releases(DurableFeed feed, Journal.CopyListener copies) {
    this.feed = feed;
    this.copies = copies;
  }

  /** The entry's confirmation may come from now on. */
  void expect(JournalEntry entry) {
    unconfirmed.put(entry.id(), entry);
  }

  /** The store has them. */
  void committed(List<JournalEntry> batch) {
    var origins = new ArrayList<JournalEntry.Origin>();
    lock.lock();
    try {
      var released = new ArrayList<JournalEntry.Content>(batch.size());
      for (JournalEntry entry : batch) {
        if (entry.whenDurable().isDone()) {
          continue;
        }
        JournalEntry.Origin origin = entry.origin();
        if (origin != null) {
          entry.complete();
          origins.add(origin);
        } else if (entry.markCommitted()) {
          release(entry, released);
        }
      }
      tell(released);
    } finally {
      lock.unlock();
    }
    if (!origins.isEmpty()) {
      copies.onCopied(origins);
    }
  }

  /** The backup has these, and what came before them of the same executions. */
  void confirmed(long[] ids) {
    lock.lock();
    try {
      var released = new ArrayList<JournalEntry.Content>(ids.length);
      for (long id : ids) {
        JournalEntry entry = unconfirmed.remove(id);
        if (entry != null && entry.markConfirmed() && !entry.whenDurable().isDone()) {
          release(entry, released);
        }
      }
      tell(released);
    } finally {
      lock.unlock();
    }
  }

  /** What the backup has of one entry holds for those before it, which the store has too. */
  private void release(JournalEntry entry, List<JournalEntry.Content> released) {
    if (entry.isFirstOfTail()) {
      complete(entry, released);
    } else {
      entry.tail().forEach(one -> complete(one, released));
    }
  }

  private void complete(JournalEntry entry, List<JournalEntry.Content> released) {
    if (entry.id() != 0) {
      unconfirmed.remove(entry.id());
    }
    JournalEntry.Content content = entry.content();
    entry.complete();
    if (entry.origin() == null && !content.events().isEmpty()) {
      released.add(content);
    }
  }

  private void tell(List<JournalEntry.Content> released) {
    if (!released.isEmpty()) {
      feed.put(released);
    }
  }

  /** Completes once the feed has told of all that has been completed by now. */
  CompletableFuture<Void> told() {
    var told = new CompletableFuture<Void>();
    lock.lock();
    try {
      // Under the lock: an entry that is complete has been given to the feed.
      feed.mark(told);
    } finally {
      lock.unlock();
    }
    return told;
  }

  /** How many still wait for their confirmation. */
  int unconfirmedCount() {
    return unconfirmed.size();
  }

  /** Those that still wait for their confirmation. */
  List<JournalEntry> unconfirmed() {
    return List.copyOf(unconfirmed.values());
  }

  /** Nobody here will hear of these any more. */
  void fail(Predicate<JournalEntry.Content> lost, Throwable cause) {
    lock.lock();
    try {
      for (JournalEntry entry : unconfirmed.values()) {
        if (!entry.whenDurable().isDone() && lost.test(entry.content())) {
          unconfirmed.remove(entry.id());
          entry.fail(cause);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** The entry failed before it was stored. */
  void forget(JournalEntry entry) {
    unconfirmed.remove(entry.id(), entry);
  }
}
