package dev.holdfast.client;

import dev.holdfast.api.TaskToken;
import dev.holdfast.client.wire.Push;
import dev.holdfast.client.wire.Reply;
import dev.holdfast.client.wire.Request;
import dev.holdfast.client.wire.RequestBatch.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One agent: its sessions with the members, and the tasks that it holds. Its concurrency is split
 * over the members, each of which may assign at least one task; should more come than there are
 * places, because there are more members than places or one has left, they wait here. Thread-safe.
 */
final class AgentRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(AgentRuntime.class);

  private final AgentSpec spec;
  private final Cluster cluster;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition emptied = lock.newCondition();
  private final Map<UUID, MemberSession> sessions = new HashMap<>();
  private final Map<TaskToken, HeldTask> held = new HashMap<>();
  private final ArrayDeque<HeldTask> waiting = new ArrayDeque<>();
  private int busy;
  private boolean draining;

  AgentRuntime(AgentSpec spec, Cluster cluster) {
    this.spec = spec;
    this.cluster = cluster;
  }

  AgentSpec spec() {
    return spec;
  }

  /** Tasks that it holds, those included whose result is on its way. */
  int held() {
    lock.lock();
    try {
      return held.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes note of the members that there are.
   *
   * @return those that the agent has to open a session with
   */
  List<UUID> membersAre(List<UUID> members) {
    lock.lock();
    try {
      sessions.keySet().retainAll(members);
      List<UUID> sorted = members.stream().sorted().toList();
      List<UUID> fresh = new ArrayList<>();
      for (int i = 0; i < sorted.size(); i++) {
        int share = share(i, sorted.size());
        MemberSession session = sessions.get(sorted.get(i));
        if (session == null) {
          if (!draining) {
            renew(sorted.get(i), share);
            fresh.add(sorted.get(i));
          }
        } else {
          session.share(share);
        }
      }
      return fresh;
    } finally {
      lock.unlock();
    }
  }

  private int share(int index, int members) {
    int base = spec.concurrency() / members;
    int rest = spec.concurrency() % members;
    return Math.max(1, base + (index < rest ? 1 : 0));
  }

  /** A new session with the member, which takes over the tasks that no other session has. */
  private void renew(UUID member, int share) {
    MemberSession old = sessions.get(member);
    int adopted = 0;
    long id = ThreadLocalRandom.current().nextLong();
    List<HeldTask> orphans = new ArrayList<>();
    for (HeldTask task : held.values()) {
      MemberSession home = task.home;
      if (home != null && (home == old || !sessions.containsValue(home))) {
        orphans.add(task);
        adopted++;
      }
    }
    MemberSession session = new MemberSession(member, id, share, adopted);
    orphans.forEach(task -> task.home = session);
    sessions.put(member, session);
  }

  /** The member does not know the session any more: another one is needed. */
  void sessionUnknown(long session) {
    lock.lock();
    try {
      MemberSession old = find(session);
      if (old != null) {
        renew(old.member, old.share());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Pushes of the session are known to arrive. Returns its member; null: no such session here. */
  @Nullable UUID opened(long session) {
    lock.lock();
    try {
      MemberSession here = find(session);
      if (here == null) {
        return null;
      }
      here.open = true;
      return here.member;
    } finally {
      lock.unlock();
    }
  }

  /** What to tell a member every second: that the agent is there, and what it runs. */
  List<Request> beat(UUID member) {
    lock.lock();
    try {
      MemberSession session = sessions.get(member);
      if (session == null) {
        return List.of();
      }
      var beat = new Request.Beat(session.id, List.copyOf(held.keySet()));
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

  boolean isOpen(UUID member) {
    lock.lock();
    try {
      MemberSession session = sessions.get(member);
      return session == null || session.open;
    } finally {
      lock.unlock();
    }
  }

  /** What the member answered to a beat. */
  void seen(UUID member, long session, Reply.BeatSeen seen) {
    List<HeldTask> stop = new ArrayList<>();
    lock.lock();
    try {
      MemberSession here = find(session);
      if (here == null) {
        return;
      }
      here.assignedByMember(seen.assigned());
      for (TaskToken token : seen.stop()) {
        HeldTask task = held.get(token);
        // Only its owner knows whether an attempt is live.
        if (task != null && member.equals(cluster.ownerOf(token.execution()))) {
          stop.add(task);
        }
      }
    } finally {
      lock.unlock();
    }
    stop.forEach(HeldTask::cancel);
  }

  @Nullable Window takeWindow(UUID member) {
    lock.lock();
    try {
      MemberSession session = sessions.get(member);
      return session == null || draining ? null : session.takeWindow();
    } finally {
      lock.unlock();
    }
  }

  void windowLost(UUID member) {
    lock.lock();
    try {
      MemberSession session = sessions.get(member);
      if (session != null) {
        session.windowLost();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tasks have come. */
  void assigned(Push.Assigned push) {
    List<HeldTask> runnable = new ArrayList<>(push.tasks().size());
    lock.lock();
    try {
      MemberSession session = find(push.session());
      if (session == null) {
        // Of a session that is no more: the member has given them to others by now.
        return;
      }
      for (int i = 0; i < push.tasks().size(); i++) {
        Push.Task pushed = push.tasks().get(i);
        if (session.accept(push.first() + i) && !held.containsKey(pushed.token())) {
          HeldTask task = new HeldTask(pushed, cluster, session);
          held.put(pushed.token(), task);
          if (busy < spec.concurrency()) {
            busy++;
            runnable.add(task);
          } else {
            waiting.add(task);
          }
        }
      }
    } finally {
      lock.unlock();
    }
    runnable.forEach(this::run);
  }

  /** Attempts were taken back. */
  void revoked(List<TaskToken> tokens) {
    List<HeldTask> tasks = new ArrayList<>();
    lock.lock();
    try {
      for (TaskToken token : tokens) {
        HeldTask task = held.get(token);
        if (task != null) {
          tasks.add(task);
        }
      }
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
    UUID granter = handled(task, result == null);
    if (result != null) {
      report(task, result);
    }
    if (granter != null) {
      // Mostly the result's batch has taken the window along already, and nothing is left to do.
      cluster.windowsChanged(granter);
    }
  }

  /** The handler is through: its place is free. Returns the member to be told of it. */
  private @Nullable UUID handled(HeldTask task, boolean forget) {
    HeldTask next;
    UUID granter = null;
    lock.lock();
    try {
      MemberSession home = task.home;
      task.home = null;
      if (home != null) {
        home.released();
        granter = home.member;
      }
      next = waiting.poll();
      if (next == null) {
        busy--;
      }
      if (forget) {
        forget(task);
      }
    } finally {
      lock.unlock();
    }
    if (next != null) {
      run(next);
    }
    return granter;
  }

  private void report(HeldTask task, Request.Frequent result) {
    // A result is worth trying for as long as the engine would wait for it.
    Duration toDeadline = Duration.between(Instant.now(), task.deadline());
    Duration bound =
        toDeadline.compareTo(cluster.commandTimeout()) > 0 ? toDeadline : cluster.commandTimeout();
    cluster
        .send(result, bound)
        .whenComplete((reply, failure) -> {
          if (failure != null) {
            LOG.warn("result of {} could not be delivered", task.token(), failure);
          } else if (reply instanceof Reply.Refused refused) {
            LOG.info("result of {} was refused: {}", task.token(), refused.message());
          }
          lock.lock();
          try {
            forget(task);
          } finally {
            lock.unlock();
          }
        });
  }

  private void forget(HeldTask task) {
    held.remove(task.token());
    if (held.isEmpty()) {
      emptied.signalAll();
    }
  }

  /** Grants nothing more; returns the sessions whose members should hear of it. */
  Map<UUID, Long> beginDraining() {
    lock.lock();
    try {
      draining = true;
      return sessionIds();
    } finally {
      lock.unlock();
    }
  }

  private Map<UUID, Long> sessionIds() {
    Map<UUID, Long> ids = new HashMap<>();
    sessions.values().forEach(session -> ids.put(session.member, session.id));
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
      long left = within.toNanos();
      while (!held.isEmpty() && left > 0) {
        left = emptied.awaitNanos(left);
      }
      return held.isEmpty();
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
      left = List.copyOf(held.values());
      open = sessionIds();
      sessions.clear();
      waiting.clear();
    } finally {
      lock.unlock();
    }
    left.forEach(HeldTask::cancel);
    return open;
  }

  private @Nullable MemberSession find(long session) {
    for (MemberSession here : sessions.values()) {
      if (here.id == session) {
        return here;
      }
    }
    return null;
  }
}
