package dev.holdfast.grid;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.grid.blob.BlobKeeping;
import dev.holdfast.grid.chain.ChainStats;
import dev.holdfast.grid.chain.Settling;
import dev.holdfast.grid.dispatch.AgentDispatcher;
import dev.holdfast.grid.eta.Etas;
import dev.holdfast.grid.kin.Kin;
import dev.holdfast.grid.kin.Talk;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.grid.quorum.Quorum;
import dev.holdfast.grid.reach.Derived;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.grid.reach.Reach;
import dev.holdfast.grid.reach.news.EndWaiters;
import dev.holdfast.grid.reach.news.EventHub;
import dev.holdfast.grid.reach.work.RateTokens;
import dev.holdfast.grid.slot.Claims;
import dev.holdfast.grid.slot.Slots;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What a member is made of: puts it together, begins it, and ends it in the order that a departure
 * needs. {@link GridEngine} is its face to others. What a part needs of one that is made after it
 * goes through the methods here.
 */
final class MemberParts implements Opening.Memory {
  private static final Duration UNSERVED_ROUND = Duration.ofSeconds(5);

  final GridSettings settings;
  final StateStore store;
  final SteadyClock clock;
  final EngineStats stats = new EngineStats();
  final ChainStats chains = new ChainStats();
  final HazelcastInstance hazelcast;
  final Replicas replicas;
  final Migrations migrations;
  final Roster roster;
  final ClusterControl control;
  final Departure departure;
  final Opening opening;
  final Ownership ownership;
  final GroupCommitJournal journal;
  final MemberServices services;
  final DefinitionRegistry definitions;
  final Intake intake;
  final Reach reach;
  final AgentDispatcher dispatcher;
  final Reconciler reconciler;
  final Repairs repairs;
  final Etas etas;
  final Slots slots;
  final UnservedWork unserved;
  final BlobKeeping keeping;
  final KnownSchedules schedules;

  private final IMap<String, ExecutionEntry> executions;
  private final Quorum quorum;
  private final Reloading reloading;
  private final @Nullable Settling settling;
  private final @Nullable Summaries summaries;
  private final Kin kin;
  private final Lookups lookups;
  private final Upkeep upkeep;
  private final Rounds rounds;
  private volatile Runnable refusal = () -> {};

  /**
   * @param wall the wall clock
   * @throws dev.holdfast.journal.StoreException when the store can't be read
   */
  MemberParts(GridSettings settings, StateStore store, InstantSource wall) {
    this.settings = settings;
    this.store = store;
    this.clock = new SteadyClock(wall, System::nanoTime);
    var timers = new ExecutionTimers(clock);
    var events = new EventHub();
    var ends = new EndWaiters();
    var retirements = new Retirements();
    var approvals = new PendingApprovals();
    this.schedules = new KnownSchedules();
    this.dispatcher =
        new AgentDispatcher(
            this::submit, new SecureRandom(), System::nanoTime, clock, settings.dispatch());
    this.definitions = new DefinitionRegistry(store, clock);
    var recovered = new ConcurrentLinkedQueue<ExecutionEntry>();
    StateStore.Recovery recovery =
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
    this.roster = new Roster(hazelcast, peers, this::figures);

    this.summaries =
        settings.summaries()
            ? new Summaries(hazelcast, replicas::isOwned, replicas::isMaster)
            : null;
    dispatcher.onTokens(
        new RateTokens(neighbours, settings.dispatch().rateLimits(), System::nanoTime));
    this.etas = new Etas(neighbours, clock, System::nanoTime);
    var wishes = new ParentWishes(neighbours, this::find, definitions);
    this.kin =
        new Kin(
            new Talk(this::submit, this::find, wishes::of),
            definitions,
            new SecureRandom(),
            replicas::isOwned);
    this.slots =
        new Slots(
            neighbours, replicas::members, this::epoch, new Claims(this::epoch), this::submit);
    var after =
        new AfterCommit(
            dispatcher,
            timers,
            events,
            ends,
            retirements,
            approvals,
            schedules,
            stats,
            replicas::isOwned,
            summaries == null ? SummaryFeed.NONE : summaries,
            etas,
            kin,
            slots);
    var replication =
        new Replication(Durability.of(settings, store), peers, replicas, this::fenced);
    this.journal = new GroupCommitJournal(store, after, replication, clock);
    mapStore.use(journal);
    replication.serve(journal);
    this.opening =
        new Opening(
            store,
            definitions,
            hazelcast,
            replicas,
            executions,
            journal,
            this,
            recovered,
            recovery);
    this.quorum =
        new Quorum(
            hazelcast, replicas, peers, store, settings.clusterSize(), wall, opening, opening);
    var evacuation = new Evacuation(replicas, quorum::isLast);
    this.departure =
        new Departure(
            () -> {
              quorum.announceLeaving();
              evacuation.run();
            },
            this::refuseWork,
            () -> journal.backlog() == 0,
            this::leave);
    this.control = new MemberControl(quorum, departure);
    this.services =
        new MemberServices(
            clock,
            quorum,
            dispatcher,
            stats,
            new LiveCount(replicas.count()),
            journal,
            replication,
            slots.claims());
    services.register(hazelcast);
    this.reloading = new Reloading(services, replicas, executions, store, definitions, after);
    var owner = new OwnerThread(services, executions);
    var drift = new Drift(dispatcher, timers, approvals, schedules);
    this.reconciler =
        new Reconciler(
            drift,
            after::takeOver,
            key -> owner.inspect(key).thenApply(entry -> entry == null ? null : entry.state()));
    this.repairs = new Repairs(neighbours, owner, this::submit, drift, reconciler, after::takeOver);
    var takeover =
        new Takeover(
            services,
            replicas,
            executions,
            owner,
            after,
            store,
            definitions,
            reconciler,
            reloading);
    this.ownership = new Ownership(replicas, quorum, takeover);
    this.reach =
        new Reach(
            neighbours,
            new Reach.Here(
                store, dispatcher, events, ends, approvals, schedules, derived(), this::owned),
            this::find);
    this.unserved = new UnservedWork(dispatcher, reach.dispatcher()::agents, clock);
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
    this.keeping = keeping(peers, replication.durability());
    var archive = new Archive(store, settling, quorum);
    this.lookups =
        new Lookups(
            services, replicas, peers, owner, archive, definitions, settings.commandTimeout());
    var submissions =
        new Submissions(
            services,
            replicas,
            peers,
            owner,
            lookups,
            archive,
            definitions,
            keeping.blobs(),
            settings.commandTimeout(),
            new Admission(dispatcher, settings.dispatch().queueMax()),
            new ResumeChecks(store, definitions, reach.dispatcher()::agents),
            slots);
    this.intake = new Intake(opening, control, journal, settings, stats, submissions);
    submissions.serve();
    lookups.serve();
    repairs.serve();
    wishes.serve();
    this.upkeep =
        new Upkeep(
            clock, this::submit, executions, timers, dispatcher, retirements, kin::isTelling);
    hazelcast.getCluster().addMembershipListener(new Leavers(replication::forget));
    dispatcher.judges(key -> ownership.isTaken(replicas.partitionOf(key.text())));
    slots.start(new KnownPartitions(ownership, takeover, reloading));
    ownership.start();
    quorum.start();
    if (settling != null) {
      settling.start();
    }
    this.rounds = new Rounds("holdfast-unserved", UNSERVED_ROUND, unserved::look);
    keeping.start();
  }

  private BlobKeeping keeping(Peers peers, Durability durability) {
    var users = new KeptExecutions(store, this::find);
    return durability == Durability.TWO_DISKS
        ? BlobKeeping.ofCluster(
            store.blobs(),
            settings.blobs(),
            users,
            this::clearsBlobs,
            clock,
            peers,
            replicas,
            quorum)
        : BlobKeeping.ofOneStore(store.blobs(), settings.blobs(), users, this::clearsBlobs, clock);
  }

  /** Of a store that all members share one is enough to clear it. */
  private boolean clearsBlobs() {
    return opening.isOpen() && (!(store instanceof SharedStore) || replicas.isMaster());
  }

  private long epoch() {
    return quorum.current();
  }

  private void fenced(ExecutionKey key) {
    stats.fenced(1);
    reloading.reload(key);
  }

  @Override
  public Installation installation(ExecutionEntry entry) {
    return new Installation(services, replicas.partitionOf(entry.state().key().text()), entry);
  }

  @Override
  public Collection<ExecutionEntry> merged(Collection<ExecutionEntry> recovered)
      throws InterruptedException {
    Settling merging = settling;
    return merging == null ? recovered : merging.merge(recovered);
  }

  @Override
  public void forget(boolean overtaken) {
    if (overtaken) {
      stats.fenced(liveCount());
    }
    ownership.drop();
  }

  CompletableFuture<Outcome> submit(ExecutionKey key, Command command) {
    return intake.submit(key, command, false);
  }

  Optional<ExecutionState> find(ExecutionKey key) {
    return lookups.find(key);
  }

  private Derived derived() {
    return new Derived() {
      @Override
      public boolean isKnown(int partition) {
        return ownership.isTaken(partition);
      }

      @Override
      public CompletableFuture<Void> caughtUp() {
        return journal.told();
      }
    };
  }

  private Optional<ExecutionEntry> owned(ExecutionKey key) {
    return lookups.here(key);
  }

  int liveCount() {
    return services.live().total();
  }

  private MemberFigures figures() {
    return new MemberFigures(
        liveCount(),
        dispatcher.waitingTasks().count(),
        dispatcher.waitingTasks().oldestSeconds(clock.millis()),
        journal.backlog(),
        opening.recovery().damaged().size(),
        chains.unsettled(),
        stats.fences(),
        migrations.remaining());
  }

  /** Told first of all when the member leaves, so that nobody is let in any more. */
  void onRefusal(Runnable action) {
    refusal = action;
  }

  private void refuseWork() {
    refusal.run();
    reconciler.rest();
    dispatcher.shutDown();
  }

  /** What is still here when Hazelcast shuts down goes over then, and needs the journal. */
  private void leave() {
    reach.close();
    rounds.close();
    kin.close();
    if (settling != null) {
      settling.close();
    }
    upkeep.close();
    keeping.close();
    if (summaries != null) {
      summaries.close();
    }
    try {
      hazelcast.shutdown();
    } finally {
      opening.close();
      ownership.close();
      quorum.close();
      journal.close();
      slots.close();
    }
  }
}
