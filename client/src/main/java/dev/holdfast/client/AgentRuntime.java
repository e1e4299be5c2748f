package dev.holdfast.client;

import dev.holdfast.api.TaskToken;
import dev.holdfast.client.wire.Push;
import dev.holdfast.client.wire.Reply;
import dev.holdfast.client.wire.Request;
import dev.holdfast.client.wire.RequestBatch.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One agent: its sessions with the members, and the tasks that it holds. Each task has one of its
 * places, and the members can fill no more places than there are. Thread-safe.
 */
final class AgentRuntime {
  private final AgentSpec spec;
  private final Cluster cluster;

  private final ReentrantLock lock = new ReentrantLock();
  private final HeldTasks held = new HeldTasks(lock);
  private final Places places;
  private final ResultDelivery results;

  AgentRuntime(AgentSpec spec, Cluster cluster) {
    this.spec = spec;
    this.cluster = cluster;
    this.places = new Places(spec.concurrency());
    this.results = new ResultDelivery(cluster, this::forget);
  }

  AgentSpec spec() {
    return spec;
  }

  /** Tasks that it holds, those included whose result is on its way. */
  int held() {
    lock.lock();
    try {
      return held.count();
    } finally {
      lock.unlock();
    }
  }

  /** Takes note of the members that there are. */
  void membersAre(List<UUID> members) {
    lock.lock();
    try {
      for (MemberSession session : places.sessions()) {
        if (!members.contains(session.member)) {
          places.end(session.member);
        }
      }
      for (UUID member : members) {
        if (places.of(member) == null) {
          places.begin(member, newId());
        }
      }
    } finally {
      lock.unlock();
    }
    settled(List.of());
  }

  /** The member does not know the session any more: another one is needed. */
  void sessionUnknown(long session) {
    lock.lock();
    try {
      MemberSession old = places.find(session);
      if (old != null) {
        places.begin(old.member, newId());
      }
    } finally {
      lock.unlock();
    }
    settled(List.of());
  }

  private static long newId() {
    return ThreadLocalRandom.current().nextLong();
  }

  /** Pushes of the session are known to arrive. */
  void opened(long session) {
    lock.lock();
    try {
      MemberSession here = places.find(session);
      if (here == null || here.open) {
        return;
      }
      places.opened(here);
    } finally {
      lock.unlock();
    }
    settled(List.of());
  }

  boolean isOpen(UUID member) {
    lock.lock();
    try {
      MemberSession session = places.of(member);
      return session == null || session.open;
    } finally {
      lock.unlock();
    }
  }

  /**
   * What to tell a member every second: that the agent is there, and all that it runs, since any of
   * it may be the member's from now on.
   */
  List<Request> beat(UUID member) {
    lock.lock();
    try {
      MemberSession session = places.of(member);
      if (session == null) {
        return List.of();
      }
      var beat = new Request.Beat(session.id, held.tokens());
      // The window goes with each beat, should it have been lost on the way.
      session.windowLost();
      return session.open
          ? List.of(beat)
          : List.of(
              new Request.OpenSession(
                  session.id, spec.worker(), spec.capabilities(), spec.labels()),
              beat);
    } finally {
      lock.unlock();
    }
  }

  /** What the member answered to a beat. */
  void seen(UUID member, long session, Reply.BeatSeen seen) {
    List<HeldTask> stop = new ArrayList<>();
    lock.lock();
    try {
      MemberSession here = places.find(session);
      if (here == null) {
        return;
      }
      places.assigned(here, seen.assigned());
      places.wanted(here, seen.wanted());
      long now = System.nanoTime();
      for (HeldTask task : held.among(seen.stop())) {
        // Only its owner knows whether an attempt is live, and not in the moment of a fail-over.
        if (cluster.isOwner(member, task.execution()) && task.isUnwantedFor(now)) {
          stop.add(task);
        }
      }
    } finally {
      lock.unlock();
    }
    stop.forEach(HeldTask::cancel);
    settled(List.of());
  }

  /** Once a second: see {@link Places#settle}. */
  void settle() {
    List<Places.Order> orders;
    lock.lock();
    try {
      orders = places.settle();
    } finally {
      lock.unlock();
    }
    settled(orders);
  }

  @Nullable Window takeWindow(UUID member) {
    lock.lock();
    try {
      return places.takeWindow(member);
    } finally {
      lock.unlock();
    }
  }

  void windowLost(UUID member) {
    lock.lock();
    try {
      MemberSession session = places.of(member);
      if (session != null) {
        session.windowLost();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tasks wait at the session's member. */
  void wanted(Push.Wanted push) {
    lock.lock();
    try {
      MemberSession session = places.find(push.session());
      if (session == null) {
        return;
      }
      places.wanted(session, push.tasks());
    } finally {
      lock.unlock();
    }
    settled(List.of());
  }

  /** Tells the members what has changed for them. */
  private void settled(List<Places.Order> further) {
    List<Places.Order> orders;
    List<UUID> news;
    lock.lock();
    try {
      orders = places.recalls();
      news = places.news();
    } finally {
      lock.unlock();
    }
    // Mostly a result's batch has taken the window along already, and nothing is left to do.
    news.forEach(cluster::windowsChanged);
    orders.forEach(this::recall);
    further.forEach(this::recall);
  }

  private void recall(Places.Order order) {
    Request.Recall recall = order.recall();
    cluster
        .tell(order.member(), List.of(recall))
        .whenComplete((replies, failure) -> {
          Reply reply = failure == null ? replies.getFirst() : null;
          recallAnswered(recall, reply);
        });
  }

  private void recallAnswered(Request.Recall recall, @Nullable Reply reply) {
    if (reply instanceof Reply.Refused refused
        && refused.code().equals(Reply.Refused.UNKNOWN_SESSION)) {
      sessionUnknown(recall.session());
      return;
    }
    lock.lock();
    try {
      MemberSession session = places.find(recall.session());
      if (session == null) {
        return;
      }
      if (!(reply instanceof Reply.Recalled(int credits))) {
        session.recallLost(recall.number());
        return;
      }
      places.recalled(session, recall.number(), credits);
    } finally {
      lock.unlock();
    }
    settled(List.of());
  }

  /** Tasks have come. */
  void assigned(Push.Assigned push) {
    List<HeldTask> runnable = new ArrayList<>(push.tasks().size());
    boolean repeated = false;
    lock.lock();
    try {
      MemberSession session = places.find(push.session());
      if (session == null) {
        // Of a session that is no more: the member has given them to others by now.
        return;
      }
      for (int i = 0; i < push.tasks().size(); i++) {
        if (places.take(session, push.first() + i)) {
          HeldTask task = new HeldTask(push.tasks().get(i), cluster, session);
          if (held.add(task)) {
            runnable.add(task);
          } else {
            places.released(session);
            repeated = true;
          }
        }
      }
    } finally {
      lock.unlock();
    }
    runnable.forEach(this::run);
    if (repeated) {
      settled(List.of());
    }
  }

  /** Attempts were taken back. */
  void revoked(List<TaskToken> tokens) {
    List<HeldTask> tasks;
    lock.lock();
    try {
      tasks = held.among(tokens);
    } finally {
      lock.unlock();
    }
    tasks.forEach(HeldTask::cancel);
  }

  private void run(HeldTask task) {
    Thread.ofVirtual().name(spec.worker(), task.attempt()).start(() -> handle(task));
  }

  private void handle(HeldTask task) {
    Request.Frequent result = Handling.result(task, spec.handler());
    lock.lock();
    try {
      places.released(task.home);
      if (result == null) {
        held.remove(task);
      }
    } finally {
      lock.unlock();
    }
    if (result != null) {
      results.deliver(task, result);
    }
    settled(List.of());
  }

  private void forget(HeldTask task) {
    lock.lock();
    try {
      held.remove(task);
    } finally {
      lock.unlock();
    }
  }

  /** Grants nothing more; returns the sessions whose members should hear of it. */
  Map<UUID, Long> beginDraining() {
    lock.lock();
    try {
      places.close();
      return sessionIds();
    } finally {
      lock.unlock();
    }
  }

  private Map<UUID, Long> sessionIds() {
    Map<UUID, Long> ids = new HashMap<>();
    places.sessions().forEach(session -> ids.put(session.member, session.id));
    return ids;
  }

  /**
   * Waits for what it holds.
   *
   * @return whether all of it was through in time
   */
  boolean drain(Duration within) throws InterruptedException {
    lock.lock();
    try {
      return held.awaitNone(within);
    } finally {
      lock.unlock();
    }
  }

  /** Ends what is left; returns the sessions to close, by member. */
  Map<UUID, Long> stop() {
    List<HeldTask> left;
    Map<UUID, Long> open;
    lock.lock();
    try {
      left = held.all();
      open = sessionIds();
      open.keySet().forEach(places::end);
    } finally {
      lock.unlock();
    }
    left.forEach(HeldTask::cancel);
    return open;
  }
}
