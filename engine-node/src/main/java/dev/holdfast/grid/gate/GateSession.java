package dev.holdfast.grid.gate;

import dev.holdfast.api.TaskToken;
import dev.holdfast.client.wire.Push;
import dev.holdfast.client.wire.Reply;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.Dispatcher.AgentSession;
import dev.holdfast.grid.Dispatcher.AgentSink;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A connected agent's session with this member: numbers what it is assigned, and turns its absolute
 * window into the dispatcher's credits. Thread-safe.
 */
public final class GateSession implements AgentSink {
  private final UUID client;
  private final long id;
  private final PushQueue pushes;
  private @Nullable AgentSession agent;
  private final GateSessions home;
  private long granted;
  private long assigned;
  private long recalls;
  private int recalled;

  GateSession(UUID client, long id, PushQueue pushes, GateSessions home) {
    this.client = client;
    this.id = id;
    this.pushes = pushes;
    this.home = home;
  }

  /** Whose it is. */
  public UUID client() {
    return client;
  }

  /** What the dispatcher opened for this sink. Called once, before anything else. */
  public synchronized void attach(AgentSession opened) {
    agent = opened;
  }

  /** Tells the client that the session is open, by the way that tasks will come. */
  public void announce() {
    pushes.add(new Push.Opened(id));
  }

  /** The agent may have been assigned so many in all; a number below the last one is old news. */
  public void window(long limit) {
    AgentSession here;
    int credits;
    synchronized (this) {
      here = agent;
      if (limit <= granted || here == null) {
        return;
      }
      credits = Math.toIntExact(Math.min(limit - granted, Integer.MAX_VALUE));
      granted += credits;
    }
    here.grant(credits);
  }

  /** The agent wants credit back; the same recall gives back nothing more when it is repeated. */
  public synchronized Reply recall(long number, int most) {
    AgentSession here = agent;
    if (number > recalls && here != null) {
      recalls = number;
      recalled = here.recall(most);
    }
    return new Reply.Recalled(number == recalls ? recalled : 0);
  }

  /** The agent takes no more tasks. */
  public void drain() {
    AgentSession here;
    synchronized (this) {
      here = agent;
      granted = Long.MAX_VALUE;
    }
    if (here != null) {
      here.drain();
    }
  }

  /** The agent is alive and runs exactly these. */
  public Reply beat(List<TaskToken> running) {
    AgentSession here;
    long count;
    synchronized (this) {
      here = agent;
      count = assigned;
    }
    if (here == null) {
      return new Reply.BeatSeen(count, 0, List.of());
    }
    List<TaskToken> stop = here.beat(new HashSet<>(running));
    return new Reply.BeatSeen(count, home.isAlone() ? 0 : here.wanted(), stop);
  }

  @Override
  public void assigned(List<Assignment> assignments) {
    List<Push.Task> tasks = assignments.stream().map(GateSession::task).toList();
    synchronized (this) {
      // Numbered and queued in one go, so that they leave in the order of their numbers.
      pushes.add(new Push.Assigned(id, assigned + 1, tasks));
      assigned += tasks.size();
    }
  }

  @Override
  public void revoked(List<TaskToken> tokens) {
    pushes.add(new Push.Revoked(id, tokens));
  }

  @Override
  public void wanted(int tasks) {
    // A cluster of one member has all of the agent's credit anyway.
    if (!home.isAlone()) {
      pushes.add(new Push.Wanted(id, tasks));
    }
  }

  @Override
  public void rollCall() {
    pushes.add(new Push.RollCall(home.member()));
  }

  /** The agent is gone; what it ran is handed out anew. */
  public void close() {
    AgentSession here;
    synchronized (this) {
      here = agent;
    }
    if (here != null) {
      here.close();
    }
  }

  private static Push.Task task(Assignment assignment) {
    return new Push.Task(
        assignment.token(),
        assignment.definition(),
        assignment.version(),
        assignment.input(),
        ChronoUnit.MICROS.between(Instant.EPOCH, assignment.readyAt()),
        assignment.deadline().toEpochMilli(),
        assignment.heartbeatMillis());
  }
}
