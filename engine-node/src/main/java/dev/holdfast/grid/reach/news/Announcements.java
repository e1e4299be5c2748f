package dev.holdfast.grid.reach.news;

import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.grid.reach.Wire;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Tells other members what this one wants to be told. Thread-safe. */
final class Announcements {
  private final Neighbours neighbours;
  private final AtomicLong numbers = new AtomicLong();

  Announcements(Neighbours neighbours) {
    this.neighbours = neighbours;
  }

  /** To be taken before a whole list is put together, so that what is added meanwhile is newer. */
  long nextNumber() {
    return numbers.incrementAndGet();
  }

  /** Adds the events of a tenant. */
  CompletableFuture<Wishes.Reply> tenant(UUID member, String tenant) {
    return send(member, addition(Set.of(tenant), Set.of(), Set.of()));
  }

  /** Adds the events of an execution. */
  CompletableFuture<Wishes.Reply> execution(UUID member, String execution) {
    return send(member, addition(Set.of(), Set.of(execution), Set.of()));
  }

  /** Adds the end of an execution. */
  CompletableFuture<Wishes.Reply> end(UUID member, String execution) {
    return send(member, addition(Set.of(), Set.of(), Set.of(execution)));
  }

  /** This member takes nothing more. */
  CompletableFuture<Wishes.Reply> leave(UUID member) {
    return send(
        member, new Wishes(nextNumber(), true, true, Set.of(), Set.of(), Set.of(), Set.of()));
  }

  private Wishes addition(Set<String> tenants, Set<String> executions, Set<String> ends) {
    return new Wishes(nextNumber(), false, false, tenants, executions, ends, Set.of());
  }

  CompletableFuture<Wishes.Reply> send(UUID member, Wishes wishes) {
    return neighbours
        .ask(member, PeerOp.WISHES, Wire.write(wishes))
        .thenApply(answer -> Wire.read(answer, Wishes.Reply.class));
  }
}
