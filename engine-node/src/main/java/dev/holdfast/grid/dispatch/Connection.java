package dev.holdfast.grid.dispatch;

import dev.holdfast.api.TaskToken;
import dev.holdfast.grid.AgentProfile;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.Dispatcher.AgentSession;
import dev.holdfast.grid.Dispatcher.AgentSink;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** An agent that is connected and takes pushes. */
final class Connection extends AgentChannel implements AgentSession {
  final AgentSink sink;

  /** The leases that it holds, by nonce. */
  final Map<Long, Lease> held = new ConcurrentHashMap<>();

  volatile long heardNanos;

  private final AgentDispatcher dispatcher;

  Connection(AgentProfile profile, AgentSink sink, AgentDispatcher dispatcher, long nowNanos) {
    super(profile);
    this.sink = sink;
    this.dispatcher = dispatcher;
    this.heardNanos = nowNanos;
  }

  @Override
  void reserved() {
    credit--;
  }

  @Override
  void released() {
    credit++;
  }

  @Override
  List<Assignment> deliver(List<Assignment> assignments) {
    sink.assigned(assignments);
    return List.of();
  }

  /** Takes no more. */
  void shut() {
    open = false;
  }

  @Override
  public void grant(int credits) {
    dispatcher.grant(this, credits);
  }

  @Override
  public List<TaskToken> beat(Set<TaskToken> running) {
    return dispatcher.beat(this, running);
  }

  @Override
  public void drain() {
    dispatcher.drain(this);
  }

  @Override
  public void close() {
    dispatcher.disconnect(this);
  }
}
