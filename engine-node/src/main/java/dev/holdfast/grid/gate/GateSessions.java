package dev.holdfast.grid.gate;

import com.hazelcast.core.HazelcastInstance;
import dev.holdfast.client.wire.Push;
import dev.holdfast.client.wire.Reply;
import dev.holdfast.client.wire.Request;
import dev.holdfast.client.wire.RequestBatch.Window;
import dev.holdfast.client.wire.Wire;
import dev.holdfast.grid.AgentProfile;
import dev.holdfast.grid.Dispatcher;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The sessions of all connected agents, and the way to each client. Thread-safe. */
public final class GateSessions {
  private static final Reply UNKNOWN =
      new Reply.Refused(Reply.Refused.UNKNOWN_SESSION, "this member has no such session");

  private final HazelcastInstance hazelcast;
  private final Dispatcher dispatcher;
  private final ConcurrentMap<Long, GateSession> sessions = new ConcurrentHashMap<>();
  private final ConcurrentMap<UUID, PushQueue> queues = new ConcurrentHashMap<>();

  public GateSessions(HazelcastInstance hazelcast, Dispatcher dispatcher) {
    this.hazelcast = hazelcast;
    this.dispatcher = dispatcher;
  }

  /** Whether this is the only member. */
  boolean isAlone() {
    return hazelcast.getCluster().getMembers().size() == 1;
  }

  /** This member's id. */
  UUID member() {
    return hazelcast.getCluster().getLocalMember().getUuid();
  }

  /** Sends the client something. */
  public void push(UUID client, Push push) {
    queue(client).add(push);
  }

  /** Applies what a batch brings. Windows of sessions that are not known are left out. */
  public void windows(List<Window> windows) {
    for (Window window : windows) {
      GateSession session = sessions.get(window.session());
      if (session != null) {
        session.window(window.limit());
      }
    }
  }

  /** Opens a session, or says again that it is open. */
  public Reply open(UUID client, String tenant, Request.OpenSession request) {
    GateSession session =
        sessions.computeIfAbsent(
            request.session(),
            id -> {
              var fresh = new GateSession(client, id, queue(client), this);
              var profile =
                  new AgentProfile(
                      tenant, request.worker(), request.capabilities(), request.labels());
              fresh.attach(dispatcher.open(profile, fresh));
              return fresh;
            });
    session.announce();
    return Reply.Done.CHANGED;
  }

  public Reply beat(Request.Beat request) {
    GateSession session = sessions.get(request.session());
    return session == null ? UNKNOWN : session.beat(request.running());
  }

  public Reply recall(Request.Recall request) {
    GateSession session = sessions.get(request.session());
    return session == null ? UNKNOWN : session.recall(request.number(), request.most());
  }

  public Reply drain(Request.DrainSession request) {
    GateSession session = sessions.get(request.session());
    if (session != null) {
      session.drain();
    }
    return session == null ? Reply.Done.UNCHANGED : Reply.Done.CHANGED;
  }

  public Reply close(Request.CloseSession request) {
    GateSession session = sessions.remove(request.session());
    if (session != null) {
      session.close();
    }
    return session == null ? Reply.Done.UNCHANGED : Reply.Done.CHANGED;
  }

  /** The client's connection is gone, and with it every session of it. */
  public void disconnected(UUID client) {
    queues.remove(client);
    sessions.forEach((id, session) -> {
      if (session.client().equals(client) && sessions.remove(id, session)) {
        session.close();
      }
    });
  }

  private PushQueue queue(UUID client) {
    return queues.computeIfAbsent(
        client, id -> new PushQueue(hazelcast.getTopic(Wire.pushTopic(id))));
  }
}
