package dev.holdfast.grid.reach.news;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.grid.EventFeed;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.grid.reach.Wire;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What members tell each other unasked. Every second each says to each other all that it wants to
 * be told, and hears what the other did not know of; what is wanted in between is added at once.
 * Thread-safe.
 */
public final class Newsroom {
  private static final long LEAVE_WITHIN_MILLIS = 500;
  private static final Logger LOG = LoggerFactory.getLogger(Newsroom.class);

  private final Neighbours neighbours;
  private final Announcements announcements;
  private final Orders orders;
  private final ClusterEnds ends;
  private final ClusterEvents events;
  private final WorkWatch work;
  private long second;

  /**
   * Tells and is told from here on.
   *
   * @param hub what becomes durable on this member
   * @param waiters who waits on this member
   * @param find the execution as it is now, wherever it is owned; blocks
   */
  public Newsroom(
      Neighbours neighbours,
      Orders orders,
      WorkWatch work,
      EventHub hub,
      EndWaiters waiters,
      Function<ExecutionKey, Optional<ExecutionState>> find) {
    this.neighbours = neighbours;
    this.orders = orders;
    this.work = work;
    this.announcements = new Announcements(neighbours);
    this.ends = new ClusterEnds(waiters, neighbours, announcements, find);
    this.events = new ClusterEvents(hub, neighbours, announcements);
    hub.onDurable(orders::publish);
    waiters.onEnded(orders::ended);
    neighbours.serve(PeerOp.NEWS, this::take);
  }

  /** Ends of executions, wherever they are owned. */
  public ClusterEnds ends() {
    return ends;
  }

  /** Events of executions, wherever they are owned. */
  public EventFeed events() {
    return events;
  }

  /** Says what is wanted. Called every second. */
  public synchronized void round() {
    second++;
    orders.tidy();
    ends.round(second);
    events.round();
    for (UUID member : neighbours.others()) {
      ask(member);
    }
  }

  private void ask(UUID member) {
    long number = announcements.nextNumber();
    Map<Demand, Integer> demands = work.demandsOn(member);
    var wishes =
        new Wishes(
            number,
            true,
            false,
            events.wantedTenants(),
            events.wantedExecutionsOf(member),
            ends.wantedOf(member),
            demands.keySet());
    if (wishes.isEmpty()) {
      return;
    }
    long sentNanos = System.nanoTime();
    announcements
        .send(member, wishes)
        .whenComplete((reply, failure) -> {
          if (failure != null) {
            LOG.debug("member {} does not take wishes now", member, failure);
            return;
          }
          events.unknown(reply.tenants(), reply.executions());
          ends.lookAll(reply.ends());
          work.checked(member, demands, reply.work(), sentNanos);
        });
  }

  private byte[] take(UUID from, byte[] body) {
    News news = Wire.read(body, News.class);
    events.deliver(news);
    ends.lookAll(news.ended());
    var unwanted = new ArrayList<Demand>();
    for (News.Work one : news.work()) {
      if (!work.found(from, one.demand(), one.count())) {
        unwanted.add(one.demand());
      }
    }
    return Wire.write(new News.Reply(unwanted));
  }

  /** Says to the others that this member leaves and has passed on all that it was given. */
  public void leave() {
    var told =
        neighbours.others().stream().map(announcements::leave).toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(told)
        .completeOnTimeout(null, LEAVE_WITHIN_MILLIS, TimeUnit.MILLISECONDS)
        .exceptionally(failure -> {
          LOG.debug("a member was not told that this one leaves", failure);
          return null;
        })
        .join();
  }
}
