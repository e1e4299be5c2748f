package dev.holdfast.gateway.stream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The newest events of one tenant, written once and read by every stream at its own pace. Bounded
 * in number and bytes: a reader that falls further behind is told that it missed some. Thread-safe.
 */
final class ReplayRing {
  /**
   * @param id {@code execution:seq}; empty for a notice, which is no event
   * @param json without line breaks
   */
  record Entry(String id, String type, byte[] json) {}

  /**
   * @param position of the first entry that was not read
   * @param gap entries before these were dropped unread
   */
  record Batch(List<Entry> entries, long position, boolean gap) {}

  private final int entriesMax;
  private final long bytesMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition added = lock.newCondition();
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private long bytes;

  /** Position of the oldest entry; positions count from 0 without gaps. */
  private long first;

  ReplayRing(int entriesMax, long bytesMax) {
    this.entriesMax = entriesMax;
    this.bytesMax = bytesMax;
  }

  void add(Entry entry) {
    lock.lock();
    try {
      entries.addLast(entry);
      bytes += entry.json().length;
      while (entries.size() > entriesMax || bytes > bytesMax && entries.size() > 1) {
        bytes -= entries.removeFirst().json().length;
        first++;
      }
      added.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Where a reader begins that wants only what comes from now on. */
  long end() {
    lock.lock();
    try {
      return first + entries.size();
    } finally {
      lock.unlock();
    }
  }

  /** Where a reader goes on that has read this entry; null when it is not, or no longer, here. */
  @Nullable Long after(String id) {
    lock.lock();
    try {
      long position = first + entries.size();
      for (Iterator<Entry> newestFirst = entries.descendingIterator(); newestFirst.hasNext(); ) {
        if (newestFirst.next().id().equals(id)) {
          return position;
        }
        position--;
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** The oldest position that can still be read. */
  long beginning() {
    lock.lock();
    try {
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** What has come at this position and after it, waiting a while for the first. */
  Batch read(long position, int max, Duration wait) throws InterruptedException {
    lock.lock();
    try {
      long nanosLeft = wait.toNanos();
      while (position >= first + entries.size() && nanosLeft > 0) {
        nanosLeft = added.awaitNanos(nanosLeft);
      }
      long from = Math.max(position, first);
      var read = new ArrayList<Entry>();
      entries.stream().skip(from - first).limit(max).forEach(read::add);
      return new Batch(read, from + read.size(), from > position);
    } finally {
      lock.unlock();
    }
  }

  /** Lets every reader that waits look up; used before closing. */
  void wakeUp() {
    lock.lock();
    try {
      added.signalAll();
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }
}
