package dev.holdfast.grid;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionView;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Rejection;
import dev.holdfast.grid.blob.BlobKeeping;
import dev.holdfast.grid.blob.Blobs;
import dev.holdfast.grid.chain.ChainStats;
import dev.holdfast.grid.chain.Settling;
import dev.holdfast.grid.dispatch.AgentDispatcher;
import dev.holdfast.grid.eta.Etas;
import dev.holdfast.grid.kin.Kin;
import dev.holdfast.grid.kin.Talk;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.grid.quorum.OpeningListener;
import dev.holdfast.grid.quorum.Quorum;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.grid.reach.Reach;
import dev.holdfast.grid.reach.news.EndWaiters;
import dev.holdfast.grid.reach.news.EventHub;
import dev.holdfast.grid.reach.work.RateTokens;
import dev.holdfast.grid.summary.Summaries;
import dev.holdfast.grid.summary.SummaryFeed;
import dev.holdfast.journal.ChainStore;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.ExecutionMapStore;
import dev.holdfast.journal.GroupCommitJournal;
import dev.holdfast.journal.SharedStore;
import dev.holdfast.journal.StateStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member: owns its share of the executions, runs commands on them and does what follows once it
 * is durable.
 */
public final class GridEngine implements Engine, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GridEngine.class);
  private static final long COMMITS_LOOK_MILLIS = 10;
  private static final Duration UNSERVED_ROUND = Duration.ofSeconds(5);

  private final GridSettings settings;
  private final StateStore store;
  private final SteadyClock clock;
  private final EngineStats stats = new EngineStats();
  private final ChainStats chains = new ChainStats();
  private final EventHub events = new EventHub();
  private final Roster roster;
  private final Departure departure;
  private final ClusterControl control;
  private final EndWaiters ends = new EndWaiters();
  private final Retirements retirements = new Retirements();
  private final PendingApprovals approvals = new PendingApprovals();
  private final Reach reach;
  private final @Nullable Summaries summaries;
  private final ExecutionTimers timers;
  private final AgentDispatcher dispatcher;
  private final DefinitionRegistry definitions;
  private volatile StateStore.Recovery recovery;
  private final HazelcastInstance hazelcast;
  private final Replicas replicas;
  private final Migrations migrations;
  private final GroupCommitJournal journal;
  private final MemberServices services;
  private final IMap<String, ExecutionEntry> executions;
  private final Submissions submissions;
  private final Quorum quorum;
  private final Ownership ownership;
  private final Reloading reloading;
  private final Reconciler reconciler;
  private final Repairs repairs;
  private final Etas etas;
  private final UnservedWork unserved;
  private final Rounds rounds;
  private final @Nullable Settling settling;
  private final BlobKeeping keeping;
  private final Upkeep upkeep;
  private final Kin kin;
  private final ClientGate clients;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean open;

  /**
   * Starts a member: recovers what the store has and joins the grid. A cluster of one takes
   * commands on return; one of several takes them once it is open.
   *
   * @param store belongs to the engine from here on, which closes it
   * @param wall the wall clock
   * @throws dev.holdfast.journal.StoreException when the store can't be read
   */
  public GridEngine(GridSettings settings, StateStore store, InstantSource wall) {
    this.settings = settings;
    this.store = store;
    this.clock = new SteadyClock(wall, System::nanoTime);
    this.timers = new ExecutionTimers(clock);
    this.dispatcher =
        new AgentDispatcher(
            this::submit, new SecureRandom(), System::nanoTime, clock, settings.dispatch());
    this.definitions = new DefinitionRegistry(store, clock);
    var recovered = new ConcurrentLinkedQueue<ExecutionEntry>();
    this.recovery =
        store instanceof SharedStore
            ? new StateStore.Recovery(0, List.of())
            : store.recover(definitions, recovered::add);

    var mapStore = new ExecutionMapStore();
    this.hazelcast = Joining.join(settings, store, mapStore, definitions);
    this.executions = hazelcast.getMap(MemberConfig.EXECUTIONS);
    this.replicas = new Replicas(hazelcast);
    this.migrations = Migrations.watch(hazelcast, wall);
    var peers = Peers.open(hazelcast);
    var neighbours = new Neighbours(peers, replicas);
    this.reach =
        new Reach(
            neighbours,
            new Reach.Here(store, dispatcher, events, ends, approvals, this::owned),
            this::find);
    this.roster = new Roster(hazelcast, peers, this::figures);

    this.summaries =
        settings.summaries()
            ? new Summaries(hazelcast, replicas::isOwned, replicas::isMaster)
            : null;
    dispatcher.onTokens(
        new RateTokens(neighbours, settings.dispatch().rateLimits(), System::nanoTime));
    this.etas = new Etas(neighbours, clock, System::nanoTime);
    this.kin =
        new Kin(
            new Talk(this::submit, this::find), definitions, new SecureRandom(), replicas::isOwned);
    var after =
        new AfterCommit(
            dispatcher,
            timers,
            events,
            ends,
            retirements,
            approvals,
            stats,
            replicas::isOwned,
            summaries == null ? SummaryFeed.NONE : summaries,
            etas,
            kin);
    var replication =
        new Replication(Durability.of(settings, store), peers, replicas, this::fenced);
    this.journal = new GroupCommitJournal(store, after, replication, clock);
    mapStore.use(journal);
    replication.serve(journal);
    this.quorum =
        new Quorum(
            hazelcast,
            replicas,
            peers,
            store,
            settings.clusterSize(),
            wall,
            () -> install(recovered),
            new Opened(recovered));
    this.departure = new Departure(this::refuseWork, () -> journal.backlog() == 0, this::leave);
    this.control = new MemberControl(quorum, departure);
    this.services =
        new MemberServices(
            clock,
            quorum,
            dispatcher,
            stats,
            new LiveCount(replicas.count()),
            journal,
            replication);
    services.register(hazelcast);
    this.reloading = new Reloading(services, replicas, executions, store, definitions, after);
    var owner = new OwnerThread(services, executions);
    var drift = new Drift(dispatcher, timers, approvals);
    this.reconciler =
        new Reconciler(
            drift,
            after::takeOver,
            key -> owner.inspect(key).thenApply(entry -> entry == null ? null : entry.state()));
    this.repairs =
        new Repairs(
            neighbours,
            owner,
            this::submit,
            drift,
            reconciler,
            after::takeOver);
    this.unserved = new UnservedWork(dispatcher, reach.dispatcher()::agents, clock);
    this.ownership =
        new Ownership(
            replicas,
            quorum,
            new Takeover(
                services,
                replicas,
                executions,
                owner,
                after,
                store,
                definitions,
                reconciler,
                reloading));
    this.settling =
        replication.durability() == Durability.TWO_DISKS && store instanceof ChainStore chained
            ? new Settling(
                chained,
                peers,
                replicas,
                quorum,
                new OwnedExecutions(services, replicas, owner, after),
                definitions,
                settings.clusterSize(),
                chains)
            : null;
    this.keeping =
        replication.durability() == Durability.TWO_DISKS
            ? BlobKeeping.ofCluster(
                store.blobs(),
                settings.blobs(),
                this::goneOf,
                this::clearsBlobs,
                clock,
                peers,
                replicas,
                quorum)
            : BlobKeeping.ofOneStore(
                store.blobs(), settings.blobs(), this::goneOf, this::clearsBlobs, clock);
    this.submissions =
        new Submissions(
            services,
            replicas,
            peers,
            owner,
            new Archive(store, settling, quorum),
            definitions,
            keeping.blobs(),
            settings.commandTimeout(),
            new Admission(dispatcher, settings.dispatch().queueMax()));
    submissions.serve();
    repairs.serve();
    this.upkeep = new Upkeep(clock, this::submit, executions, timers, dispatcher, retirements);
    hazelcast.getCluster().addMembershipListener(new Leavers(replication::forget));
    dispatcher.judges(key -> ownership.isTaken(replicas.partitionOf(key.text())));
    ownership.start();
    quorum.start();
    if (settling != null) {
      settling.start();
    }
    this.rounds = new Rounds("holdfast-unserved", UNSERVED_ROUND, unserved::look);
    keeping.start();
    this.clients = ClientGate.open(this, hazelcast);
  }

  /** Of a store that all members share one is enough to clear it. */
  private boolean clearsBlobs() {
    return isOpen() && (!(store instanceof SharedStore) || replicas.isMaster());
  }

  private Set<ExecutionKey> goneOf(Collection<ExecutionKey> keys) {
    var gone = new HashSet<>(keys);
    if (store instanceof SharedStore shared) {
      gone.removeAll(shared.heads(keys).keySet());
    } else {
      gone.removeIf(key -> find(key).isPresent());
    }
    return gone;
  }

  private void fenced(ExecutionKey key) {
    stats.fenced(1);
    reloading.reload(key);
  }

  private void install(Collection<ExecutionEntry> recovered) throws InterruptedException {
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
                  () -> new Recovered(executions, this::installation))
              .install();
    } else {
      Settling merging = settling;
      Recovered.install(
          merging == null ? recovered : merging.merge(recovered), executions, this::installation);
    }
  }

  private Installation installation(ExecutionEntry entry) {
    return new Installation(services, replicas.partitionOf(entry.state().key().text()), entry);
  }

  /** When the cluster opens anew, the store is behind what was decided before. */
  private void awaitCommits() throws InterruptedException {
    while (journal.backlog() > 0) {
      TimeUnit.MILLISECONDS.sleep(COMMITS_LOOK_MILLIS);
    }
  }

  // ---- commands ----

  @Override
  public CompletableFuture<Outcome> submit(ExecutionKey key, Command command) {
    return submit(key, command, false);
  }

  @Override
  public CompletableFuture<Outcome> startFresh(Command.StartExecution command) {
    return submit(command.key(), command, true);
  }

  private CompletableFuture<Outcome> submit(ExecutionKey key, Command command, boolean fresh) {
    Rejection closed = admission();
    if (closed != null) {
      stats.rejected(closed);
      return CompletableFuture.completedFuture(new Outcome.Refused(closed));
    }
    return submissions.submit(key, command, fresh);
  }

  private @Nullable Rejection admission() {
    if (!isOpen()) {
      return control
          .refusal()
          .orElseGet(() -> new Rejection(Rejection.Code.UNAVAILABLE, "the member is leaving"));
    }
    Optional<Rejection> refusal = control.refusal();
    if (refusal.isPresent()) {
      return refusal.get();
    }
    if (!journal.isHealthy()) {
      return new Rejection(
          Rejection.Code.STORE_UNAVAILABLE,
          "the store takes no writes at the moment; nothing was changed, try again");
    }
    if (journal.backlog() > settings.backlogMax()) {
      return new Rejection(
          Rejection.Code.OVERLOADED, "too many changes wait for the store; try again");
    }
    return null;
  }

  // ---- reads ----

  private Optional<ExecutionEntry> owned(ExecutionKey key) {
    return submissions.entryHere(key);
  }

  @Override
  public Optional<ExecutionState> find(ExecutionKey key) {
    return submissions.find(key);
  }

  @Override
  public CompletableFuture<ExecutionState> whenEnded(ExecutionKey key) {
    CompletableFuture<ExecutionState> end = reach.nextEnd(key);
    // Looked up after the registration, so that an end in between is not missed.
    find(key).filter(state -> state.status().isEnded()).ifPresent(end::complete);
    return end;
  }

  @Override
  public CompletableFuture<ExecutionState> nextEnd(ExecutionKey key) {
    return reach.nextEnd(key);
  }

  @Override
  public Repair repair(ExecutionKey key, String by) {
    return repairs.repair(key, by);
  }

  @Override
  public ExecutionView.@Nullable Eta eta(ExecutionState state) {
    return etas.of(state);
  }

  /** Executions owned here that can't go on, for metrics. */
  public int stuckCount() {
    return reconciler.stuckCount();
  }

  /** What had got lost of what is derived and was made anew, for metrics. */
  public long repairCount() {
    return reconciler.repairCount();
  }

  /** Tasks that wait here for agents that there aren't. */
  public UnservedWork unserved() {
    return unserved;
  }

  @Override
  public Records records() {
    return reach.records();
  }

  @Override
  public Approvals approvals() {
    return reach.approvals();
  }

  /** This member's own store, for its upkeep and metrics. */
  public StateStore store() {
    return store;
  }

  @Override
  public Blobs blobs() {
    return keeping.blobs();
  }

  /** The keeping of blobs, for metrics. */
  public BlobKeeping blobKeeping() {
    return keeping;
  }

  @Override
  public Definitions definitions() {
    return definitions;
  }

  @Override
  public Dispatcher dispatcher() {
    return reach.dispatcher();
  }

  @Override
  public EventFeed events() {
    return reach.events();
  }

  @Override
  public boolean isOpen() {
    return open && hazelcast.getLifecycleService().isRunning();
  }

  @Override
  public boolean isStoreHealthy() {
    return journal.isHealthy();
  }

  @Override
  public ClusterView cluster() {
    return roster.view(settings, control.standing());
  }

  @Override
  public ClusterControl control() {
    return control;
  }

  private MemberFigures figures() {
    return new MemberFigures(
        liveCount(),
        dispatcher.waitingCount(),
        journal.backlog(),
        recovery.damaged().size(),
        chains.unsettled());
  }

  /** What was done to settle the chains of members' own disks, for metrics. */
  public ChainStats chains() {
    return chains;
  }

  /** Counts for metrics. */
  public EngineStats stats() {
    return stats;
  }

  /** Executions that this member owns and that have not ended. */
  public int liveCount() {
    return services.live().total();
  }

  /** What became of partitions here, for metrics. */
  public PartitionFigures partitions() {
    return new PartitionFigures(
        ownership.count(),
        replicas.backedUpCount(),
        replicas.backedUpEntries(MemberConfig.EXECUTIONS),
        ownership.takenCount(),
        ownership.lostCount());
  }

  /** The moves of partitions in the whole cluster, for metrics. */
  public Migrations migrations() {
    return migrations;
  }

  /** The journal, for metrics. */
  public GroupCommitJournal journal() {
    return journal;
  }

  /** The dispatcher with its figures, for metrics. */
  public AgentDispatcher agents() {
    return dispatcher;
  }

  /** What the start found in the store. */
  public StateStore.Recovery recovery() {
    return recovery;
  }

  /** The time that events get. */
  public InstantSource clock() {
    return clock;
  }

  /** The Hazelcast member, for the thin client's gate. */
  public HazelcastInstance hazelcast() {
    return hazelcast;
  }

  // ---- leaving ----

  private void refuseWork() {
    clients.close();
    dispatcher.shutDown();
  }

  /** Until the partitions are with others, commands on them still come, and need the journal. */
  private void leave() {
    reach.close();
    rounds.close();
    kin.close();
    if (settling != null) {
      settling.close();
    }
    upkeep.close();
    keeping.close();
    quorum.announceLeaving();
    if (summaries != null) {
      summaries.close();
    }
    try {
      hazelcast.shutdown();
    } finally {
      open = false;
      ownership.close();
      quorum.close();
      journal.close();
    }
  }

  /** Hands over what it owns, leaves the grid, finishes the journal and closes the store. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        departure.begin().join();
      } finally {
        store.close();
      }
    }
  }

  /** What the cluster's opening means for this member. */
  private final class Opened implements OpeningListener {
    private final Collection<ExecutionEntry> recovered;
    private volatile boolean again;

    Opened(Collection<ExecutionEntry> recovered) {
      this.recovered = recovered;
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
      if (overtaken) {
        stats.fenced(liveCount());
      }
      open = false;
      again = true;
      ownership.drop();
    }
  }
}
