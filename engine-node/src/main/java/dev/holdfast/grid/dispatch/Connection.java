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

  /** Tasks that wait for its credit, as it was last told; written under the exchange's lock. */
  volatile int wantedTold;

  /** When it was told; guarded by the exchange's lock. */
  long wantedToldNanos;

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
  public int recall(int most) {
    return dispatcher.recall(this, most);
  }

  @Override
  public int wanted() {
    return dispatcher.wanted(this);
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
