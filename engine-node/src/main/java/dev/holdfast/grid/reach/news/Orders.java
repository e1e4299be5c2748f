package dev.holdfast.grid.reach.news;

import dev.holdfast.core.ExecutionState;
import dev.holdfast.grid.dispatch.AgentDispatcher;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.grid.reach.Wire;
import dev.holdfast.journal.JournalEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * What the other members want to be told by this one, and the telling. A member that has not said
 * for {@link Order#VALID_NANOS} what it wants wants nothing. Thread-safe; while nobody wants
 * anything it costs a look at an empty map.
 */
public final class Orders {
  private record Recipient(Order order, Courier courier) {}

  private final Neighbours neighbours;
  private final AgentDispatcher dispatcher;
  private final Consumer<UUID> leaving;
  private final ConcurrentMap<UUID, Recipient> orders = new ConcurrentHashMap<>();
  private final AtomicInteger turn = new AtomicInteger();

  /**
   * Takes other members' wishes from here on.
   *
   * @param dispatcher this member's own, which knows what waits here
   * @param leaving told of members that leave and have taken all that they were given
   */
  public Orders(Neighbours neighbours, AgentDispatcher dispatcher, Consumer<UUID> leaving) {
    this.neighbours = neighbours;
    this.dispatcher = dispatcher;
    this.leaving = leaving;
    dispatcher.onWaiting(this::waits);
    neighbours.serve(PeerOp.WISHES, this::take);
  }

  private byte[] take(UUID from, byte[] body) {
    Wishes wishes = Wire.read(body, Wishes.class);
    if (wishes.leaving()) {
      orders.remove(from);
      leaving.accept(from);
      return Wire.write(new Wishes.Reply(List.of(), List.of(), List.of(), List.of()));
    }
    Wishes.Reply news = orders.computeIfAbsent(from, this::recipient).order().take(wishes);
    return Wire.write(
        new Wishes.Reply(
            news.tenants(),
            news.executions(),
            news.ends(),
            wishes.demands().stream().filter(this::hasWorkFor).toList()));
  }

  private boolean hasWorkFor(Demand demand) {
    return dispatcher
        .waitingTasks()
        .hasFor(demand.tenant(), demand.capabilities(), demand.labels());
  }

  /** That member's agents ask for this, and are told when there is some. */
  public void demand(UUID from, Demand demand) {
    orders.computeIfAbsent(from, this::recipient).order().add(demand);
  }

  private Recipient recipient(UUID member) {
    var order = new Order();
    return new Recipient(
        order,
        new Courier(
            member,
            neighbours,
            (demand, count) -> {
              order.remove(demand);
              waits(demand, count);
            }));
  }

  /** Forgets who has left or said nothing for long. Called every second. */
  public void tidy() {
    List<UUID> members = neighbours.others();
    orders
        .entrySet()
        .removeIf(entry -> entry.getValue().order().isOver() || !members.contains(entry.getKey()));
  }

  /** What has become durable here; called on the effects thread. */
  public void publish(JournalEntry.Content content) {
    for (Recipient one : orders.values()) {
      if (one.order().wantsEventsOf(content.key())) {
        one.courier().events(content);
      }
    }
  }

  /** An execution has ended here. */
  public void ended(ExecutionState state) {
    String key = state.key().text();
    for (Recipient one : orders.values()) {
      if (one.order().takesEnd(key)) {
        one.courier().ended(key);
      }
    }
  }

  /** A task has begun to wait here: one of those who can take it is told. */
  private void waits(String tenant, String capability, Map<String, String> requires) {
    if (orders.isEmpty()) {
      return;
    }
    record Taker(Courier courier, Demand demand) {}
    var takers = new ArrayList<Taker>();
    for (Recipient one : orders.values()) {
      Demand demand = one.order().demandFor(tenant, capability, requires);
      if (demand != null) {
        takers.add(new Taker(one.courier(), demand));
      }
    }
    if (!takers.isEmpty()) {
      Taker next = takers.get(Math.floorMod(turn.getAndIncrement(), takers.size()));
      next.courier().work(next.demand(), 1);
    }
  }

  /** Who was told of these tasks has nobody for them: all others are. */
  private void waits(Demand demand, int count) {
    for (Recipient one : orders.values()) {
      if (one.order().has(demand)) {
        one.courier().work(demand, count);
      }
    }
  }
}
