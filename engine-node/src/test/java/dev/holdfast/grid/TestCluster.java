package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.Plan;
import dev.holdfast.grid.blob.BlobSettings;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.memory.MemoryStateStore;
import dev.holdfast.node.process.FreePorts;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Real members of one cluster in one process, on free ports of the loopback interface. Places count
 * from 0; a place keeps its port, so that a member can be stopped or killed and another one put in
 * its place. Not thread-safe.
 */
public final class TestCluster implements AutoCloseable {
  private static final Duration STEADY = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String name = "test-" + UUID.randomUUID();
  private final int size;
  private final IntFunction<StateStore> stores;
  private final boolean summaries;
  private final BlobSettings blobs;
  private final DispatchSettings dispatch;
  private final List<Integer> ports;
  private final List<@Nullable GridEngine> members = new ArrayList<>();
  private final AtomicInteger ids = new AtomicInteger();

  /** Starts so many members, each with a memory of its own as store. */
  public TestCluster(int size) {
    this(size, place -> new MemoryStateStore());
  }

  /**
   * Starts so many members, and returns when all of them take work.
   *
   * @param stores asked for a place's store whenever a member starts there
   */
  public TestCluster(int size, IntFunction<StateStore> stores) {
    this(size, size, stores);
  }

  /**
   * Starts members in the first places, all at once, and returns when all of them take work.
   *
   * @param size members expected
   * @param starting how many to start, at most {@code size}; 0: none yet
   */
  public TestCluster(int size, int starting, IntFunction<StateStore> stores) {
    this(size, starting, stores, false);
  }

  /** The same, with or without the SQL table of executions. */
  public TestCluster(int size, int starting, IntFunction<StateStore> stores, boolean summaries) {
    this(size, starting, stores, summaries, BlobSettings.DEFAULT);
  }

  /** The same, with these settings for large data. */
  public TestCluster(
      int size,
      int starting,
      IntFunction<StateStore> stores,
      boolean summaries,
      BlobSettings blobs) {
    this(size, starting, stores, summaries, blobs, DispatchSettings.NONE);
  }

  /** Starts so many members, each with a memory of its own as store, that share work out so. */
  public TestCluster(int size, DispatchSettings dispatch) {
    this(size, size, place -> new MemoryStateStore(), false, BlobSettings.DEFAULT, dispatch);
  }

  private TestCluster(
      int size,
      int starting,
      IntFunction<StateStore> stores,
      boolean summaries,
      BlobSettings blobs,
      DispatchSettings dispatch) {
    this.size = size;
    this.stores = stores;
    this.summaries = summaries;
    this.blobs = blobs;
    this.dispatch = dispatch;
    this.ports = FreePorts.on("127.0.0.1", size);
    for (int place = 0; place < size; place++) {
      members.add(null);
    }
    try {
      start(starting);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void start(int count) {
    // All at once: a member may wait in its constructor until the others are there.
    var starts = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < count; i++) {
      int place = i;
      starts.add(CompletableFuture.runAsync(() -> begin(place), Thread::startVirtualThread));
    }
    starts.forEach(CompletableFuture::join);
    if (count > 0) {
      awaitOpen(count);
    }
  }

  private void begin(int place) {
    var engine = new GridEngine(settings(place), stores.apply(place), InstantSource.system());
    synchronized (members) {
      members.set(place, engine);
    }
  }

  /** What the member of that place is started with. */
  public GridSettings settings(int place) {
    return GridSettings.of(name, "test")
        .port(ports.get(place))
        .join(size == 1 ? List.of() : ports.stream().map(port -> "127.0.0.1:" + port).toList())
        .clusterSize(size)
        .summaries(summaries)
        .blobs(blobs)
        .dispatch(dispatch)
        .build();
  }

  /** Returns when so many members are there, see each other, and take work. */
  public void awaitOpen(int count) {
    // For a moment: Hazelcast plans more moves soon after the last ones.
    Awaitility.await()
        .atMost(PATIENCE)
        .during(STEADY)
        .until(() -> {
          List<GridEngine> here = running();
          return here.size() == count && here.stream().allMatch(one -> isReady(one, count));
        });
  }

  private static boolean isReady(GridEngine member, int count) {
    var replicas = new Replicas(member.hazelcast());
    return member.isOpen()
        && member.cluster().members().size() == count
        && member.hazelcast().getPartitionService().isClusterSafe()
        && partitions(replicas).anyMatch(replicas::isOwned)
        && (count == 1 || partitions(replicas).allMatch(one -> replicas.backup(one) != null));
  }

  private static IntStream partitions(Replicas replicas) {
    return IntStream.range(0, replicas.count());
  }

  /** Members expected. */
  public int size() {
    return size;
  }

  /** The cluster's name. */
  public String name() {
    return name;
  }

  /** Host and member port of a place. */
  public String address(int place) {
    return "127.0.0.1:" + ports.get(place);
  }

  /** The member of that place. */
  public GridEngine member(int place) {
    GridEngine member = members.get(place);
    if (member == null) {
      throw new IllegalStateException("nobody runs in place " + place);
    }
    return member;
  }

  /** Whether somebody runs in that place. */
  public boolean isRunning(int place) {
    return members.get(place) != null;
  }

  /** The members that run, in the order of their places. */
  public List<GridEngine> running() {
    synchronized (members) {
      return members.stream().filter(one -> one != null).toList();
    }
  }

  /** Puts a member into an empty place; returns when it takes work and all see it. */
  public GridEngine startIn(int place) {
    if (members.get(place) != null) {
      throw new IllegalStateException("somebody runs in place " + place);
    }
    begin(place);
    awaitOpen(running().size());
    return member(place);
  }

  /** The member of that place leaves as it does when it is told to stop. */
  public void stop(int place) {
    GridEngine member = member(place);
    members.set(place, null);
    member.close();
  }

  /**
   * The members of these places are gone from one moment to the next, all at once, as far as the
   * others can see: connections break, nothing is handed over.
   */
  public void kill(int... places) {
    List<GridEngine> killed = IntStream.of(places).mapToObj(this::member).toList();
    IntStream.of(places).forEach(place -> members.set(place, null));
    // Side by side: while one takes its time to go, the rest would make up for it.
    List<CompletableFuture<Void>> gone =
        killed.stream()
            .map(one -> one.hazelcast().getLifecycleService())
            .map(one -> CompletableFuture.runAsync(one::terminate, Thread::startVirtualThread))
            .toList();
    gone.forEach(CompletableFuture::join);
    // So too what is left of them, which may wait some time for those that are gone.
    List<CompletableFuture<Void>> closed =
        killed.stream()
            .map(one -> CompletableFuture.runAsync(one::close, Thread::startVirtualThread))
            .toList();
    closed.forEach(CompletableFuture::join);
  }

  /** An id that is used for the first time, of an execution that this place's member owns. */
  public String idOwnedBy(int place) {
    var replicas = new Replicas(member(place).hazelcast());
    while (true) {
      String id = "e" + ids.incrementAndGet();
      if (replicas.isOwned(replicas.partitionOf(key(id).text()))) {
        return id;
      }
    }
  }

  /** The place of the member that owns the execution. */
  public int ownerOf(String id) {
    for (int place = 0; place < members.size(); place++) {
      if (members.get(place) instanceof GridEngine member) {
        var replicas = new Replicas(member.hazelcast());
        if (replicas.isOwned(replicas.partitionOf(key(id).text()))) {
          return place;
        }
      }
    }
    throw new IllegalStateException("nobody owns " + id + " at the moment");
  }

  /** Registers a definition for all members. */
  public void register(String definition, String yaml) {
    running()
        .getFirst()
        .definitions()
        .register(TestMember.TENANT, definition, "application/yaml", yaml);
  }

  /** Starts an execution of the newest version by way of that place's member. */
  public Outcome start(int place, String definition, String id, @Nullable Object input) {
    Plan plan = member(place).definitions().plan(TestMember.TENANT, definition, null).orElseThrow();
    return submit(
        place,
        id,
        new Command.StartExecution(
            plan, key(id), input, Map.of(), null, 5, null, "digest-" + input, "tester"));
  }

  /** Sends a command by way of that place's member. */
  public Outcome submit(int place, String id, Command command) {
    return member(place).submit(key(id), command).orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** Polls that place's member. */
  public List<Assignment> poll(int place, String capability, int max, Duration wait) {
    var profile = new AgentProfile(TestMember.TENANT, "worker-1", List.of(capability), Map.of());
    return member(place)
        .dispatcher()
        .poll(profile, max, wait)
        .orTimeout(40, TimeUnit.SECONDS)
        .join();
  }

  /** Sends a result by way of that place's member. */
  public Outcome complete(int place, Assignment task, @Nullable Object output) {
    return submit(
        place,
        task.execution(),
        new Command.CompleteTask(task.task(), task.attempt(), task.token().nonce(), output));
  }

  private static ExecutionKey key(String id) {
    return TestMember.key(id);
  }

  /** All members leave as they do when they are told to stop, one after the other. */
  public void stopAll() {
    for (int place = members.size() - 1; place >= 0; place--) {
      if (members.get(place) != null) {
        stop(place);
      }
    }
  }

  /**
   * The members that still run are gone, all at once: leaving in order takes seconds, and is for
   * {@link #stop} and {@link #stopAll} where a test is about it.
   */
  @Override
  public void close() {
    kill(IntStream.range(0, members.size()).filter(this::isRunning).toArray());
  }
}
