package dev.holdfast.gateway.stream;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.gateway.json.EventJson;
import dev.holdfast.gateway.json.Json;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import dev.holdfast.grid.EventFeed;
import dev.holdfast.journal.HistoryItem;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The ring of each tenant whose events somebody reads. A ring outlives its last reader for a while,
 * so that who comes back after a short break can go on where it was. Thread-safe.
 */
final class TenantFeeds implements AutoCloseable {
  private static final int TENANTS_MAX = 16;
  private static final int ENTRIES_MAX = 4096;
  private static final long BYTES_MAX = 4L << 20;
  private static final Duration LINGER = Duration.ofMinutes(1);

  private final EventFeed feed;
  private final Executor afterLinger;
  private final Map<String, Feed> feeds = new HashMap<>();

  TenantFeeds(EventFeed feed) {
    this.feed = feed;
    this.afterLinger =
        CompletableFuture.delayedExecutor(LINGER.toMillis(), TimeUnit.MILLISECONDS, Runnable::run);
  }

  /** A tenant's ring and how many read it; guarded by the feeds' monitor. */
  private static final class Feed implements EventFeed.Listener {
    final ReplayRing ring = new ReplayRing(ENTRIES_MAX, BYTES_MAX);
    final EventFeed.Subscription subscription;
    int readers;

    Feed(EventFeed feed, String tenant) {
      this.subscription = feed.subscribe(tenant, null, this);
    }

    @Override
    public void onEvent(ExecutionKey key, HistoryItem item) {
      ring.add(
          new ReplayRing.Entry(
              key.id() + ':' + item.seq(),
              EventJson.type(item.event()),
              Json.write(out -> EventJson.write(out, key, item))));
    }

    @Override
    public void onMissed() {
      ring.add(EventRoutes.gap("members came or went, or one fell behind"));
    }
  }

  /**
   * The tenant's ring, kept until it is {@link #release}d.
   *
   * @throws ProblemException when too many tenants' events are being read
   */
  synchronized ReplayRing acquire(String tenant) {
    Feed known = feeds.get(tenant);
    if (known == null) {
      if (feeds.size() >= TENANTS_MAX) {
        dropIdle();
      }
      if (feeds.size() >= TENANTS_MAX) {
        throw new ProblemException(
            ProblemKind.OVERLOADED,
            "the events of " + TENANTS_MAX + " tenants are being read already");
      }
      known = new Feed(feed, tenant);
      feeds.put(tenant, known);
    }
    known.readers++;
    return known.ring;
  }

  synchronized void release(String tenant) {
    Feed known = feeds.get(tenant);
    if (known != null && --known.readers == 0) {
      afterLinger.execute(() -> dropIfIdle(tenant, known));
    }
  }

  private synchronized void dropIfIdle(String tenant, Feed known) {
    if (known.readers == 0 && feeds.remove(tenant, known)) {
      known.subscription.close();
    }
  }

  private void dropIdle() {
    feeds
        .values()
        .removeIf(known -> {
          boolean idle = known.readers == 0;
          if (idle) {
            known.subscription.close();
          }
          return idle;
        });
  }

  @Override
  public synchronized void close() {
    feeds
        .values()
        .forEach(known -> {
          known.subscription.close();
          known.ring.wakeUp();
        });
    feeds.clear();
  }
}
