package dev.holdfast.journal.sqlite;

import dev.holdfast.api.ExecutionKey;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All live executions, and the positions that the next ones get. {@link #find} is for any thread,
 * the rest for whoever holds the store's write lock.
 */
final class LiveIndex {
  private final ConcurrentHashMap<ExecutionKey, Live> byKey = new ConcurrentHashMap<>();

  /** Those with a tail, in the order of their tails' first rows. */
  private final LinkedHashSet<Live> dirty = new LinkedHashSet<>();

  /** Those whose tail has grown so much that it is due whatever its age. */
  private final ArrayDeque<Live> large = new ArrayDeque<>();

  private long nextLsn = 1;
  private long nextOrdinal = 1;
  private long trimmedBelowLsn = 1;

  @Nullable Live find(ExecutionKey key) {
    return byKey.get(key);
  }

  int size() {
    return byKey.size();
  }

  void put(Live live) {
    byKey.put(live.state().key(), live);
  }

  /** In place of another one, so that no reader finds neither. */
  void replace(Live before, Live live) {
    clean(before);
    put(live);
  }

  Stream<Live> all() {
    return byKey.values().stream();
  }

  void remove(Live live) {
    byKey.remove(live.state().key());
    clean(live);
  }

  /** It has no tail any more. */
  void clean(Live live) {
    dirty.remove(live);
    if (live.queuedAsLarge()) {
      live.queuedAsLarge(false);
      large.remove(live);
    }
  }

  LinkedHashSet<Live> dirty() {
    return dirty;
  }

  ArrayDeque<Live> large() {
    return large;
  }

  long nextLsn() {
    return nextLsn;
  }

  long nextOrdinal() {
    return nextOrdinal;
  }

  void advance(long newNextLsn, long newNextOrdinal) {
    nextLsn = newNextLsn;
    nextOrdinal = newNextOrdinal;
  }

  /** Journal rows below this are no longer needed. */
  long neededFromLsn() {
    if (dirty.isEmpty()) {
      return nextLsn;
    }
    Tail oldest = dirty.getFirst().tail();
    return oldest == null ? nextLsn : oldest.firstLsn();
  }

  long trimmedBelowLsn() {
    return trimmedBelowLsn;
  }

  void trimmedBelowLsn(long lsn) {
    trimmedBelowLsn = lsn;
  }
}
