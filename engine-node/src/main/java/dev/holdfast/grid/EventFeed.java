package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.HistoryItem;
import org.jspecify.annotations.Nullable;

/** Durable events as they come, for who subscribes. */
public interface EventFeed {
  /**
   * @param tenant whose events
   * @param execution only this one's; null: all of the tenant's
   * @param listener called by one thread at a time, with each execution's events in order; must not
   *     block. It is dropped when it throws
   */
  Subscription subscribe(String tenant, @Nullable ExecutionKey execution, Listener listener);

  interface Listener {
    void onEvent(ExecutionKey key, HistoryItem item);

    /** Some events may have been missed: ownership has moved, or a member was lost or too slow. */
    default void onMissed() {}
  }

  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
