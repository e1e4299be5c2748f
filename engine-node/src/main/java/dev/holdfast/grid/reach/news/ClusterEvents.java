package dev.holdfast.grid.reach.news;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.grid.EventFeed;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.codec.HistoryDecoder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events of the whole cluster: those that become durable here, and those that other members send
 * because somebody here subscribed to them. Where some may have been missed the listener is told;
 * the executions' histories have them all. Thread-safe.
 */
public final class ClusterEvents implements EventFeed {
  /** A subscription waits so long for the other members to know of it. */
  private static final long KNOWN_WITHIN_MILLIS = 3000;

  private static final Logger LOG = LoggerFactory.getLogger(ClusterEvents.class);

  private final EventHub here;
  private final Neighbours neighbours;
  private final Announcements announcements;
  private final List<Reader> readers = new CopyOnWriteArrayList<>();
  private volatile Set<UUID> members = Set.of();

  /** A subscriber, which two threads may have something for at once. */
  private static final class Reader implements Listener {
    final String tenant;
    final @Nullable ExecutionKey execution;
    final Listener listener;

    /** Who was seen to own the execution last. */
    volatile @Nullable UUID owner;

    Reader(String tenant, @Nullable ExecutionKey execution, Listener listener) {
      this.tenant = tenant;
      this.execution = execution;
      this.listener = listener;
    }

    boolean wants(ExecutionKey key) {
      return execution == null ? tenant.equals(key.tenant()) : execution.equals(key);
    }

    @Override
    public synchronized void onEvent(ExecutionKey key, HistoryItem item) {
      listener.onEvent(key, item);
    }

    @Override
    public synchronized void onMissed() {
      listener.onMissed();
    }
  }

  ClusterEvents(EventHub here, Neighbours neighbours, Announcements announcements) {
    this.here = here;
    this.neighbours = neighbours;
    this.announcements = announcements;
  }

  /** Waits a moment for the other members to know of it; for virtual threads. */
  @Override
  public Subscription subscribe(
      String tenant, @Nullable ExecutionKey execution, Listener listener) {
    var reader = new Reader(tenant, execution, listener);
    if (execution != null) {
      reader.owner = neighbours.owner(neighbours.partitionOf(execution));
    }
    readers.add(reader);
    Subscription local = here.subscribe(tenant, execution, reader);
    if (!neighbours.isAlone()) {
      await(announce(reader));
    }
    return () -> {
      local.close();
      readers.remove(reader);
    };
  }

  private List<CompletableFuture<Wishes.Reply>> announce(Reader reader) {
    ExecutionKey execution = reader.execution;
    if (execution == null) {
      return neighbours.others().stream()
          .map(member -> announcements.tenant(member, reader.tenant))
          .toList();
    }
    UUID owner = reader.owner;
    return owner == null || owner.equals(neighbours.self())
        ? List.of()
        : List.of(announcements.execution(owner, execution.text()));
  }

  /** Who does not answer is told again within a second, and what it told nobody then is missed. */
  private static void await(List<CompletableFuture<Wishes.Reply>> replies) {
    CompletableFuture.allOf(replies.toArray(new CompletableFuture<?>[0]))
        .completeOnTimeout(null, KNOWN_WITHIN_MILLIS, TimeUnit.MILLISECONDS)
        .exceptionally(failure -> {
          LOG.debug("a member does not know of a subscription yet", failure);
          return null;
        })
        .join();
  }

  /** Tenants whose events this member wants to be told. */
  Set<String> wantedTenants() {
    var wanted = new HashSet<String>();
    for (Reader reader : readers) {
      if (reader.execution == null) {
        wanted.add(reader.tenant);
      }
    }
    return wanted;
  }

  /** Executions whose events this member wants to be told by that one. */
  Set<String> wantedExecutionsOf(UUID member) {
    var wanted = new HashSet<String>();
    for (Reader reader : readers) {
      ExecutionKey execution = reader.execution;
      if (execution != null && member.equals(reader.owner)) {
        wanted.add(execution.text());
      }
    }
    return wanted;
  }

  /** Sees who owns what now. Called every second. */
  void round() {
    Set<UUID> now = Set.copyOf(neighbours.others());
    if (!now.containsAll(members)) {
      // What a member did not get around to tell went with it.
      missed(reader -> reader.execution == null);
    }
    members = now;
    for (Reader reader : readers) {
      ExecutionKey execution = reader.execution;
      if (execution != null) {
        UUID owner = neighbours.owner(neighbours.partitionOf(execution));
        if (owner != null && !owner.equals(reader.owner)) {
          reader.owner = owner;
          missed(one -> one == reader);
        }
      }
    }
  }

  /** A member did not know until now that events of these were wanted. */
  void unknown(Collection<String> tenants, Collection<String> executions) {
    missed(reader ->
        reader.execution == null
            ? tenants.contains(reader.tenant)
            : executions.contains(reader.execution.text()));
  }

  /** What another member tells. */
  void deliver(News news) {
    if (news.missed()) {
      missed(reader -> true);
    }
    for (News.Told told : news.events()) {
      ExecutionKey key = ExecutionKey.parse(told.execution());
      List<Reader> wanting = readers.stream().filter(reader -> reader.wants(key)).toList();
      if (!wanting.isEmpty()) {
        var items = new ArrayList<HistoryItem>();
        new HistoryDecoder(told.previousHash()).read(told.payload(), items::add);
        wanting.forEach(
            reader -> guarded(reader, () -> items.forEach(item -> reader.onEvent(key, item))));
      }
    }
  }

  private void missed(Predicate<Reader> which) {
    readers.stream().filter(which).forEach(reader -> guarded(reader, reader::onMissed));
  }

  private void guarded(Reader reader, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.warn("a subscriber to events failed and is dropped", e);
      readers.remove(reader);
    }
  }
}
