package dev.holdfast.client;

import dev.holdfast.client.wire.Request;
import dev.holdfast.client.wire.RequestBatch.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An agent's places for tasks, and which member may fill them (ADR 0023). There are exactly as many
 * as the agent's concurrency: each is free, at one member's disposal, or taken by a task whose
 * member is gone. They go where tasks wait, and lie evenly where none does. Not thread-safe.
 */
final class Places {
  /** Something to ask of a member. */
  record Order(UUID member, Request.Recall recall) {}

  private final int total;
  private final Map<UUID, MemberSession> sessions = new HashMap<>();
  private int free;
  private long turns;
  private boolean closed;

  /**
   * @param total tasks at once, 1 or more
   */
  Places(int total) {
    this.total = total;
    this.free = total;
  }

  /** Begins another session with a member; the one before, if any, counts no longer. */
  MemberSession begin(UUID member, long id) {
    end(member);
    var session = new MemberSession(member, id);
    sessions.put(member, session);
    return session;
  }

  /** The member is gone. What it had not used is free at once, the rest as its tasks end. */
  void end(UUID member) {
    MemberSession session = sessions.remove(member);
    if (session != null) {
      session.gone = true;
      free += session.unused();
      distribute(null);
    }
  }

  @Nullable MemberSession of(UUID member) {
    return sessions.get(member);
  }

  @Nullable MemberSession find(long id) {
    for (MemberSession session : sessions.values()) {
      if (session.id == id) {
        return session;
      }
    }
    return null;
  }

  List<MemberSession> sessions() {
    return List.copyOf(sessions.values());
  }

  /** The members that have not been told their newest window. */
  List<UUID> news() {
    List<UUID> members = List.of();
    for (MemberSession session : sessions.values()) {
      if (session.hasNews() && !closed) {
        members = members.isEmpty() ? new ArrayList<>(sessions.size()) : members;
        members.add(session.member);
      }
    }
    return members;
  }

  /** The member's window if it has not been told yet; it is told now. */
  @Nullable Window takeWindow(UUID member) {
    MemberSession session = sessions.get(member);
    return session == null || closed ? null : session.takeWindow();
  }

  /** Pushes of the session are known to arrive: it can have places. */
  void opened(MemberSession session) {
    session.open = true;
    distribute(null);
  }

  /** So many tasks wait for credit there. */
  void wanted(MemberSession session, int tasks) {
    session.wanted = tasks;
    distribute(null);
  }

  /** A task has come; whether it is to be taken, and has a place now. */
  boolean take(MemberSession session, long number) {
    int missing = session.accept(number);
    if (missing < 0) {
      return false;
    }
    session.taken();
    lost(session, missing);
    return true;
  }

  /** The member has assigned so many tasks in all. */
  void assigned(MemberSession session, long count) {
    lost(session, session.assignedByMember(count));
  }

  private void lost(MemberSession session, int tasks) {
    if (tasks > 0) {
      session.places -= tasks;
      free += tasks;
      distribute(session);
    }
  }

  /** The place of a task is free again. */
  void released(MemberSession home) {
    free++;
    if (home.gone) {
      distribute(null);
    } else {
      home.held--;
      home.places--;
      distribute(home);
    }
  }

  /** The answer to an {@link Order}. */
  void recalled(MemberSession session, long number, int credits) {
    free += session.recalled(number, credits);
    distribute(null);
  }

  /** Gives no more places to anybody. */
  void close() {
    closed = true;
  }

  /**
   * Gives the free places away: first to those members where tasks wait, who take turns; the one
   * that was just freed back to whom it came from; then evenly.
   */
  private void distribute(@Nullable MemberSession from) {
    MemberSession returning = from;
    while (free > 0 && !closed) {
      MemberSession next = neediest();
      if (next == null && returning != null && returning.open) {
        next = returning;
        returning = null;
      }
      if (next == null) {
        next = belowShare();
      }
      if (next == null) {
        return;
      }
      free--;
      next.granted();
      next.turn = ++turns;
    }
  }

  private @Nullable MemberSession neediest() {
    MemberSession first = null;
    for (MemberSession session : sessions.values()) {
      if (session.need() > 0 && (first == null || session.turn < first.turn)) {
        first = session;
      }
    }
    return first;
  }

  private @Nullable MemberSession belowShare() {
    // Those count that are not open yet: their share waits for them.
    int share = Math.ceilDiv(total, Math.max(1, sessions.size()));
    MemberSession fewest = null;
    for (MemberSession session : sessions.values()) {
      if (session.open
          && session.places < share
          && (fewest == null || session.places < fewest.places)) {
        fewest = session;
      }
    }
    return fewest;
  }

  /** What to ask back from members that don't use it, for those that need it. */
  List<Order> recalls() {
    int missing = 0;
    for (MemberSession session : sessions.values()) {
      missing += session.need() - session.expected();
    }
    List<Order> orders = List.of();
    while (missing > 0 && !closed) {
      MemberSession donor = mostUnused();
      if (donor == null) {
        return orders;
      }
      int most = Math.min(missing, donor.unused());
      missing -= most;
      if (orders.isEmpty()) {
        orders = new ArrayList<>();
      }
      orders.add(new Order(donor.member, donor.recall(most)));
    }
    return orders;
  }

  private @Nullable MemberSession mostUnused() {
    MemberSession most = null;
    for (MemberSession session : sessions.values()) {
      if (session.open
          && session.wanted == 0
          && !session.exhausted
          && !session.isRecalling()
          && session.unused() > 0
          && (most == null || session.unused() > most.unused())) {
        most = session;
      }
    }
    return most;
  }

  /**
   * To be called every second: repeats recalls whose answer was lost, no longer counts on those
   * that are late, and, while no task waits anywhere, moves what was not used in that second to
   * members that have less than their share, so that the next tasks find a place wherever they are.
   */
  List<Order> settle() {
    List<Order> orders = new ArrayList<>();
    int share = total / Math.max(1, sessions.size());
    int missing = 0;
    boolean calm = !closed;
    for (MemberSession session : sessions.values()) {
      Request.Recall again = session.recallAgain();
      if (again != null) {
        orders.add(new Order(session.member, again));
      }
      session.recallLate();
      calm &= session.wanted == 0 && !session.isRecalling();
      missing += session.open ? Math.max(0, share - session.places) : 0;
    }
    for (MemberSession session : sessions.values()) {
      int idle = Math.min(session.leastUnused, session.unused());
      int spare = Math.min(idle, session.places - share);
      if (calm && spare > 0 && missing > 0) {
        int most = Math.min(spare, missing);
        missing -= most;
        orders.add(new Order(session.member, session.recall(most)));
      }
      session.leastUnused = session.unused();
    }
    return orders;
  }
}
