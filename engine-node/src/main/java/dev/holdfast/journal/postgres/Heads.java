package dev.holdfast.journal.postgres;

import dev.holdfast.api.ExecutionKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The live executions that this member wrote last: a bounded memory that saves asking the database
 * and is never trusted, since the database's key is the fence. Used by the journal's writer alone.
 */
final class Heads {
  private final int max;

  private final LinkedHashMap<ExecutionKey, Head> heads = new LinkedHashMap<>(1024, 0.75f, true);

  /**
   * @param max executions remembered; what was used longest ago is forgotten
   */
  Heads(int max) {
    this.max = max;
  }

  @Nullable Head find(ExecutionKey key) {
    return heads.get(key);
  }

  /** Remembers it; returns what had to be forgotten for it. */
  @Nullable Head put(ExecutionKey key, Head head) {
    heads.put(key, head);
    if (heads.size() <= max) {
      return null;
    }
    Map.Entry<ExecutionKey, Head> eldest = heads.firstEntry();
    heads.remove(eldest.getKey());
    return eldest.getValue();
  }

  void remove(ExecutionKey key) {
    heads.remove(key);
  }
}
