package dev.holdfast.grid;

import com.hazelcast.core.HazelcastInstance;
import dev.holdfast.grid.dispatch.AgentDispatcher;
import dev.holdfast.grid.slot.Claims;
import dev.holdfast.journal.Journal;
import java.time.InstantSource;

/**
 * What runs on partition threads uses of its member.
 *
 * @param clock the time that events get
 * @param epochs under which this member decides
 * @param claims told of every transition of an execution with a concurrency key
 */
record MemberServices(
    InstantSource clock,
    Epochs epochs,
    AgentDispatcher dispatcher,
    EngineStats stats,
    LiveCount live,
    Journal journal,
    Replication replication,
    Claims claims) {
  private static final String CONTEXT = "holdfast.services";

  /** Makes them known to what comes from other members. */
  void register(HazelcastInstance hazelcast) {
    hazelcast.getUserContext().put(CONTEXT, this);
  }

  /**
   * @throws IllegalStateException when the member is not ready yet; Hazelcast tries again
   */
  static MemberServices of(HazelcastInstance hazelcast) {
    if (hazelcast.getUserContext().get(CONTEXT) instanceof MemberServices services) {
      return services;
    }
    throw new IllegalStateException("the member is starting");
  }
}
