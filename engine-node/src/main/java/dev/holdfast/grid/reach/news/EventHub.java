package dev.holdfast.grid.reach.news;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.grid.EventFeed;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.codec.HistoryDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes events that became durable on this member on to who subscribes. */
public final class EventHub implements EventFeed {
  private static final Logger LOG = LoggerFactory.getLogger(EventHub.class);

  private record Subscriber(String tenant, @Nullable ExecutionKey execution, Listener listener) {
    boolean wants(ExecutionKey key) {
      return execution == null ? tenant.equals(key.tenant()) : execution.equals(key);
    }
  }

  private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
  private volatile Consumer<JournalEntry.Content> listener = content -> {};

  /** From now on the listener is given what has become durable, as it was written. */
  void onDurable(Consumer<JournalEntry.Content> onDurable) {
    listener = onDurable;
  }

  @Override
  public Subscription subscribe(
      String tenant, @Nullable ExecutionKey execution, Listener listener) {
    var subscriber = new Subscriber(tenant, execution, listener);
    subscribers.add(subscriber);
    return () -> subscribers.remove(subscriber);
  }

  /** Called on the effects thread with what has become durable. */
  public void publish(JournalEntry.Content content) {
    if (content.events().isEmpty() || content.key().isInternal()) {
      return;
    }
    listener.accept(content);
    if (subscribers.isEmpty()) {
      return;
    }
    List<HistoryItem> items = null;
    for (Subscriber subscriber : subscribers) {
      if (!subscriber.wants(content.key())) {
        continue;
      }
      if (items == null) {
        items = new ArrayList<>(content.events().size());
        new HistoryDecoder(content.previousHash()).read(content.payload(), items::add);
      }
      try {
        for (HistoryItem item : items) {
          subscriber.listener().onEvent(content.key(), item);
        }
      } catch (RuntimeException e) {
        LOG.warn("a subscriber to events failed and is dropped", e);
        subscribers.remove(subscriber);
      }
    }
  }
}
