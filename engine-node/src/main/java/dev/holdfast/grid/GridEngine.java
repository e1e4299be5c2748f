package dev.holdfast.grid;

import com.hazelcast.core.HazelcastInstance;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionView;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.slot.SlotKey;
import dev.holdfast.grid.blob.BlobKeeping;
import dev.holdfast.grid.blob.Blobs;
import dev.holdfast.grid.chain.ChainStats;
import dev.holdfast.grid.dispatch.AgentDispatcher;
import dev.holdfast.grid.slot.Claims;
import dev.holdfast.journal.GroupCommitJournal;
import dev.holdfast.journal.StateStore;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A member: owns its share of the executions, runs commands on them and does what follows once it
 * is durable.
 */
public final class GridEngine implements Engine, AutoCloseable {
  private final MemberParts member;
  private final Schedules schedules;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Starts a member: recovers what the store has and joins the grid. A cluster of one takes
   * commands on return; one of several takes them once it is open.
   *
   * @param store belongs to the engine from here on, which closes it
   * @param wall the wall clock
   * @throws dev.holdfast.journal.StoreException when the store can't be read
   */
  public GridEngine(GridSettings settings, StateStore store, InstantSource wall) {
    this.member = new MemberParts(settings, store, wall);
    this.schedules =
        new AdmittedSchedules(
            member.reach.schedules(), member.definitions, member.keeping.blobs(), member.clock);
    member.onRefusal(ClientGate.open(this, member.hazelcast)::close);
  }

  @Override
  public CompletableFuture<Outcome> submit(ExecutionKey key, Command command) {
    return member.submit(key, command);
  }

  @Override
  public CompletableFuture<Outcome> startFresh(Command.StartExecution command) {
    return member.intake.submit(command.key(), command, true);
  }

  @Override
  public Optional<ExecutionState> find(ExecutionKey key) {
    return member.find(key);
  }

  @Override
  public CompletableFuture<ExecutionState> whenEnded(ExecutionKey key) {
    CompletableFuture<ExecutionState> end = member.reach.nextEnd(key);
    // Looked up after the registration, so that an end in between is not missed.
    find(key).filter(state -> state.status().isEnded()).ifPresent(end::complete);
    return end;
  }

  @Override
  public CompletableFuture<ExecutionState> nextEnd(ExecutionKey key) {
    return member.reach.nextEnd(key);
  }

  @Override
  public Repair repair(ExecutionKey key, String by) {
    return member.repairs.repair(key, by);
  }

  @Override
  public ExecutionView.@Nullable Eta eta(ExecutionState state) {
    return member.etas.of(state);
  }

  /** Executions owned here that can't go on, for metrics. */
  public int stuckCount() {
    return member.reconciler.stuckCount();
  }

  /** What had got lost of what is derived and was made anew, for metrics. */
  public long repairCount() {
    return member.reconciler.repairCount();
  }

  /** Tasks that wait here for agents that there aren't. */
  public UnservedWork unserved() {
    return member.unserved;
  }

  @Override
  public Records records() {
    return member.reach.records();
  }

  @Override
  public Approvals approvals() {
    return member.reach.approvals();
  }

  @Override
  public Schedules schedules() {
    return schedules;
  }

  /** Schedules that this member owns, for metrics. */
  public int scheduleCount() {
    return member.schedules.count();
  }

  /** This member's own store, for its upkeep and metrics. */
  public StateStore store() {
    return member.store;
  }

  @Override
  public Blobs blobs() {
    return member.keeping.blobs();
  }

  /** The keeping of blobs, for metrics. */
  public BlobKeeping blobKeeping() {
    return member.keeping;
  }

  @Override
  public Definitions definitions() {
    return member.definitions;
  }

  @Override
  public Dispatcher dispatcher() {
    return member.reach.dispatcher();
  }

  @Override
  public EventFeed events() {
    return member.reach.events();
  }

  @Override
  public boolean isOpen() {
    return member.opening.isOpen();
  }

  @Override
  public boolean isStoreHealthy() {
    return member.journal.isHealthy();
  }

  @Override
  public ClusterView cluster() {
    return member.roster.view(member.settings, member.control.standing());
  }

  @Override
  public ClusterControl control() {
    return member.control;
  }

  /** What was done to settle the chains of members' own disks, for metrics. */
  public ChainStats chains() {
    return member.chains;
  }

  /** Counts for metrics. */
  public EngineStats stats() {
    return member.stats;
  }

  /** Executions that this member owns and that have not ended. */
  public int liveCount() {
    return member.liveCount();
  }

  /** What became of partitions here, for metrics. */
  public PartitionFigures partitions() {
    return new PartitionFigures(
        member.ownership.count(),
        member.replicas.backedUpCount(),
        member.replicas.backedUpEntries(MemberConfig.EXECUTIONS),
        member.ownership.takenCount(),
        member.ownership.lostCount());
  }

  /** The moves of partitions in the whole cluster, for metrics. */
  public Migrations migrations() {
    return member.migrations;
  }

  /** The journal, for metrics. */
  public GroupCommitJournal journal() {
    return member.journal;
  }

  /** The dispatcher with its figures, for metrics. */
  public AgentDispatcher agents() {
    return member.dispatcher;
  }

  /** Executions here that hold slots of concurrency keys or wait for them, for metrics. */
  public Claims slots() {
    return member.slots.claims();
  }

  /** Whether this member gives out the slots of the key at the moment. */
  public boolean arbitrates(SlotKey key) {
    return member.slots.arbitrates(key);
  }

  /** What the start found in the store. */
  public StateStore.Recovery recovery() {
    return member.opening.recovery();
  }

  /** The time that events get. */
  public InstantSource clock() {
    return member.clock;
  }

  /** The Hazelcast member, for the thin client's gate. */
  public HazelcastInstance hazelcast() {
    return member.hazelcast;
  }

  /** Hands over what it owns, leaves the grid, finishes the journal and closes the store. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        member.departure.begin().join();
      } finally {
        member.store.close();
      }
    }
  }
}
