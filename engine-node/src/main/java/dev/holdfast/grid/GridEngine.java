package dev.holdfast.grid;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Rejection;
import dev.holdfast.core.Timers;
import dev.holdfast.grid.dispatch.AgentDispatcher;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.grid.quorum.OpeningListener;
import dev.holdfast.grid.quorum.Quorum;
import dev.holdfast.grid.reach.Reach;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.ExecutionMapStore;
import dev.holdfast.journal.FencedException;
import dev.holdfast.journal.GroupCommitJournal;
import dev.holdfast.journal.StateStore;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A member: owns its share of the executions, runs commands on them and does what follows once it
 * is durable.
 */
public final class GridEngine implements Engine, AutoCloseable {
  private final GridSettings settings;
  private final StateStore store;
  private final SteadyClock clock;
  private final EngineStats stats = new EngineStats();
  private final AgentDispatcher dispatcher;
  private final ExecutionTimers timers;
  private final EventHub events = new EventHub();
  private final GroupCommitJournal journal;
  private final MemberServices services;
  private final HazelcastInstance hazelcast;
  private final DefinitionRegistry definitions;
  private final IMap<String, ExecutionEntry> executions;
  private final StateStore.Recovery recovery;
  private final Roster roster;
  private final Quorum quorum;
  private final Departure departure;
  private final ClusterControl control;
  private final EndWaiters ends = new EndWaiters();
  private final Retirements retirements = new Retirements();
  private final Reach reach;
  private final Upkeep upkeep;
  private final ClientGate clients;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean open;

  /**
   * Starts a member: joins the grid, recovers what the store has, and takes commands on return.
   *
   * @param store belongs to the engine from here on, which closes it
   * @param wall the wall clock
   * @throws dev.holdfast.journal.StoreException when the store can't be read
   */
  public GridEngine(GridSettings settings, StateStore store, InstantSource wall) {
    this.settings = settings;
    this.store = store;
    this.clock = new SteadyClock(wall, System::nanoTime);
    this.dispatcher = new AgentDispatcher(this::submit, new SecureRandom(), System::nanoTime);
    this.timers = new ExecutionTimers(clock);
    var after = new AfterCommit(dispatcher, timers, events, ends, retirements, stats);
    this.journal = new GroupCommitJournal(store, after, clock);
    var recovered = new ConcurrentLinkedQueue<ExecutionEntry>();
    this.definitions = new DefinitionRegistry(store, clock);
    this.recovery = store.recover(definitions, recovered::add);
    var mapStore = new ExecutionMapStore(journal);
    this.hazelcast =
        Hazelcast.newHazelcastInstance(MemberConfig.of(settings, mapStore, definitions));
    GridSerialization.register(hazelcast, definitions);
    definitions.join(hazelcast);
    this.executions = hazelcast.getMap(MemberConfig.EXECUTIONS);
    Peers peers = Peers.open(hazelcast);
    var replicas = new Replicas(hazelcast);
    this.reach = new Reach(peers, replicas, store, this::find);
    this.roster = new Roster(hazelcast, peers, this::figures);
    this.quorum =
        new Quorum(
            hazelcast,
            replicas,
            peers,
            store,
            settings.clusterSize(),
            wall,
            () -> Recovered.install(recovered, executions),
            new Opened(after, recovered));
    this.departure = new Departure(this::refuseWork, () -> journal.backlog() == 0, this::leave);
    this.control = new MemberControl(quorum, departure);
    this.services = new MemberServices(clock, quorum, dispatcher, stats);
    this.upkeep = new Upkeep(this::round, this::sweep);
    quorum.start();
    this.clients = ClientGate.open(this, hazelcast);
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
    if (quorum.current() == Epochs.NONE && quorum.isSettling()) {
      return quorum
          .agreed()
          .thenComposeAsync(unused -> submit(key, command, fresh), Thread::startVirtualThread);
    }
    Rejection closed = admission();
    if (closed != null) {
      stats.rejected(closed);
      return CompletableFuture.completedFuture(new Outcome.Refused(closed));
    }
    ExecutionEntry stored = null;
    if (command instanceof Command.StartExecution && !fresh) {
      // The map has live executions only; whether the id was used before is for the store to say.
      stored = store.loadEntry(key, definitions).orElse(null);
    }
    CompletableFuture<Outcome> outcome = run(key, command, stored);
    if (isForEnded(command)) {
      outcome = outcome.thenCompose(first -> orOnStored(key, command, first));
    }
    return counted(command, outcome)
        .orTimeout(settings.commandTimeout().toMillis(), TimeUnit.MILLISECONDS);
  }

  private @Nullable Rejection admission() {
    if (!isOpen()) {
      String why = control.standing().detail();
      return new Rejection(Rejection.Code.UNAVAILABLE, "this member is not open: " + why);
    }
    if (quorum.current() == Epochs.NONE) {
      return new Rejection(Rejection.Code.NO_QUORUM, control.standing().detail());
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

  /** Whether an execution that has left memory may still have an answer to this command. */
  private static boolean isForEnded(Command command) {
    return switch (command) {
      case Command.CompleteTask c -> true;
      case Command.FailTask c -> true;
      case Command.PauseExecution c -> true;
      case Command.ResumeExecution c -> true;
      case Command.CancelExecution c -> true;
      case Command.RetryExecution c -> true;
      case Command.StartExecution c -> false;
      case Command.StartTask c -> false;
      case Command.LoseLease c -> false;
      case Command.FireTimers c -> false;
    };
  }

  private CompletableFuture<Outcome> orOnStored(ExecutionKey key, Command command, Outcome first) {
    if (!(first instanceof Outcome.Refused refused)
        || refused.rejection().code() != Rejection.Code.EXECUTION_NOT_FOUND) {
      return CompletableFuture.completedFuture(first);
    }
    return CompletableFuture.supplyAsync(
            () -> store.loadEntry(key, definitions), Thread::startVirtualThread)
        .thenCompose(stored ->
            stored.isEmpty()
                ? CompletableFuture.completedFuture(first)
                : run(key, command, stored.get()));
  }

  private CompletableFuture<Outcome> run(
      ExecutionKey key, Command command, @Nullable ExecutionEntry stored) {
    var answer = new CompletableFuture<Outcome>();
    var transition = new Transition(services, key, command, stored, answer);
    onOwner(key, transition, transition::fail);
    return answer;
  }

  /** Runs the processor on the key's partition thread; it gives its own answer, unless it fails. */
  private void onOwner(
      ExecutionKey key,
      EntryProcessor<String, ExecutionEntry, Void> processor,
      Consumer<Throwable> onFailure) {
    executions
        .submitToKey(key.text(), processor)
        .whenCompleteAsync(
            (unused, error) -> {
              if (error != null) {
                onFailure.accept(error);
              }
            },
            Runnable::run);
  }

  private CompletableFuture<Outcome> counted(Command command, CompletableFuture<Outcome> outcome) {
    return outcome.whenComplete((result, error) -> {
      switch (result) {
        case Outcome.Done done -> stats.accepted(command);
        case Outcome.Refused refused -> stats.rejected(refused.rejection());
        case null -> {
          stats.failed();
          if (unwrap(error) instanceof FencedException) {
            stats.fenced();
          }
        }
      }
    });
  }

  private static @Nullable Throwable unwrap(@Nullable Throwable error) {
    return error instanceof CompletionException wrapped ? wrapped.getCause() : error;
  }

  // ---- reads ----

  @Override
  public Optional<ExecutionState> find(ExecutionKey key) {
    var answer = new CompletableFuture<@Nullable ExecutionEntry>();
    onOwner(key, new Inspection(answer), answer::completeExceptionally);
    ExecutionEntry entry = answer.join();
    if (entry == null) {
      return store.load(key, definitions);
    }
    if (!entry.last().isDurable()) {
      entry
          .last()
          .whenDurable()
          .copy()
          .orTimeout(settings.commandTimeout().toMillis(), TimeUnit.MILLISECONDS)
          .join();
    }
    return Optional.of(entry.state());
  }

  @Override
  public CompletableFuture<ExecutionState> whenEnded(ExecutionKey key) {
    CompletableFuture<ExecutionState> end = ends.await(key);
    // Looked up after the registration, so that an end in between is not missed.
    find(key).filter(state -> state.status().isEnded()).ifPresent(end::complete);
    return end;
  }

  @Override
  public CompletableFuture<ExecutionState> nextEnd(ExecutionKey key) {
    return ends.await(key);
  }

  @Override
  public Records records() {
    return reach.records();
  }

  /** This member's own store, for its upkeep and metrics. */
  public StateStore store() {
    return store;
  }

  @Override
  public Definitions definitions() {
    return definitions;
  }

  @Override
  public Dispatcher dispatcher() {
    return dispatcher;
  }

  @Override
  public EventFeed events() {
    return events;
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
        stats.live(), dispatcher.waitingCount(), journal.backlog(), recovery.damaged().size());
  }

  /** Counts for metrics. */
  public EngineStats stats() {
    return stats;
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

  // ---- upkeep ----

  private void round() {
    timers.poll(this::fire);
    dispatcher.tellShortages();
    retirements.poll(key -> executions.submitToKey(key.text(), new Retirement()));
  }

  private void sweep() {
    dispatcher.sweep();
    clock.slew();
  }

  private void fire(ExecutionKey key) {
    submit(key, new Command.FireTimers())
        .whenComplete((outcome, error) -> {
          Optional<Instant> next =
              switch (outcome) {
                case Outcome.Done done -> Timers.next(done.state());
                case Outcome.Refused refused
                    when refused.rejection().code() == Rejection.Code.EXECUTION_NOT_FOUND ->
                    Optional.empty();
                case Outcome.Refused refused -> Optional.of(clock.instant().plusSeconds(1));
                case null -> Optional.of(clock.instant().plusSeconds(1));
              };
          next.ifPresent(at -> timers.arm(key, at));
        });
  }

  private void refuseWork() {
    clients.close();
    dispatcher.shutDown();
  }

  /** Until the partitions are with others, commands on them still come, and need the journal. */
  private void leave() {
    upkeep.close();
    try {
      hazelcast.shutdown();
    } finally {
      open = false;
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
    private final AfterCommit after;
    private final Collection<ExecutionEntry> recovered;

    Opened(AfterCommit after, Collection<ExecutionEntry> recovered) {
      this.after = after;
      this.recovered = recovered;
    }

    @Override
    public void opened(boolean installed) {
      open = true;
      if (installed) {
        recovered.forEach(entry -> after.takeOver(entry.state()));
      }
    }

    @Override
    public void left() {
      open = false;
    }
  }
}
