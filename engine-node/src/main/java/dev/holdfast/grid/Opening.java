package dev.holdfast.grid;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.holdfast.grid.quorum.Installing;
import dev.holdfast.grid.quorum.OpeningListener;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.Journal;
import dev.holdfast.journal.SharedStore;
import dev.holdfast.journal.StateStore;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member's part in the opening of its cluster: brings in what its store has, and knows whether
 * the cluster is open for it. Thread-safe.
 */
final class Opening implements Installing, OpeningListener {
  private static final Logger LOG = LoggerFactory.getLogger(Opening.class);
  private static final long COMMITS_LOOK_MILLIS = 10;

  private final StateStore store;
  private final DefinitionRegistry definitions;
  private final HazelcastInstance hazelcast;
  private final Replicas replicas;
  private final IMap<String, ExecutionEntry> executions;
  private final Journal journal;
  private final Memory memory;
  private final Collection<ExecutionEntry> recovered;
  private volatile StateStore.Recovery recovery;
  private volatile boolean open;
  private volatile boolean again;

  /** What an opening does with the member's memory. */
  interface Memory {
    /** What puts the execution into the map. */
    Installation installation(ExecutionEntry entry);

    /**
     * What this member is to install when it has recovered these from its own disk.
     *
     * @throws InterruptedException when the opening starts over
     */
    Collection<ExecutionEntry> merged(Collection<ExecutionEntry> recovered)
        throws InterruptedException;

    /**
     * Nothing holds any more that was derived from executions.
     *
     * @param overtaken whether another part of the cluster has gone on with them
     */
    void forget(boolean overtaken);
  }

  /**
   * @param recovered what the member's own disk had; emptied once it is in the map, or outdated
   * @param recovery what the start found in the store
   */
  Opening(
      StateStore store,
      DefinitionRegistry definitions,
      HazelcastInstance hazelcast,
      Replicas replicas,
      IMap<String, ExecutionEntry> executions,
      Journal journal,
      Memory memory,
      Collection<ExecutionEntry> recovered,
      StateStore.Recovery recovery) {
    this.store = store;
    this.definitions = definitions;
    this.hazelcast = hazelcast;
    this.replicas = replicas;
    this.executions = executions;
    this.journal = journal;
    this.memory = memory;
    this.recovered = recovered;
    this.recovery = recovery;
  }

  /** Whether the cluster has opened and the member has not left it. */
  boolean isOpen() {
    return open && hazelcast.getLifecycleService().isRunning();
  }

  /** What the start found in the store. */
  StateStore.Recovery recovery() {
    return recovery;
  }

  @Override
  public void install() throws InterruptedException {
    int waiting = replicas.endLoading(MemberConfig.EXECUTIONS);
    if (waiting > 0) {
      LOG.info("{} partitions came here while this member was cut off", waiting);
    }
    awaitCommits();
    if (store instanceof SharedStore shared) {
      recovery =
          new SharedInstalling(
                  shared,
                  definitions,
                  replicas,
                  hazelcast.getPartitionService(),
                  () -> new Recovered(executions, memory::installation))
              .install();
    } else {
      Recovered.install(memory.merged(recovered), executions, memory::installation);
    }
  }

  /** When the cluster opens anew, the store is behind what was decided before. */
  private void awaitCommits() throws InterruptedException {
    while (journal.backlog() > 0) {
      TimeUnit.MILLISECONDS.sleep(COMMITS_LOOK_MILLIS);
    }
  }

  @Override
  public void opened(boolean installed) {
    open = true;
    if (again) {
      Thread.startVirtualThread(definitions::joinAgain);
    }
    // They are in the map now, or outdated by what the cluster has.
    recovered.clear();
  }

  @Override
  public void left(boolean overtaken) {
    close();
    again = true;
    memory.forget(overtaken);
  }

  /** The member leaves. */
  void close() {
    open = false;
  }
}
