package dev.holdfast.node.bench.cluster;

import dev.holdfast.client.ClientBuilder;
import dev.holdfast.client.HoldfastClient;
import dev.holdfast.node.process.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Members on 127.0.0.1, each with a data folder and ports of its own. They and everything else on
 * the machine share its cores.
 */
public final class BenchCluster implements AutoCloseable {
  /** Longer than any start takes, recovery of a full store aside. */
  private static final Duration READY_WAIT_MAX = Duration.ofMinutes(5);

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** The setting's variable, which members get it by. */
  public static final String STORE_URL = "HOLDFAST_STORE_URL";

  /**
   * What the members are started with.
   *
   * @param members 1 or more
   * @param size members expected, by which quorum is counted
   * @param store its kind
   * @param storeUrl of a store that is a server; null: none
   * @param environment added to that of this process
   */
  public record Layout(
      int members,
      int size,
      String store,
      @Nullable String storeUrl,
      Map<String, String> environment) {
    /** A cluster that expects as many members as it has. */
    public static Layout of(int members, String store, @Nullable String storeUrl) {
      return new Layout(members, members, store, storeUrl, Map.of());
    }
  }

  private final String name;
  private final Path folder;
  private final List<BenchMember> members = new ArrayList<>();

  /**
   * Starts none yet.
   *
   * @param home the folder that the launcher is in
   * @param folder for everything that the members write
   */
  public BenchCluster(Path home, Path folder, Layout layout) {
    this.name = folder.getFileName().toString();
    this.folder = folder;
    List<Integer> ports = FreePorts.on("127.0.0.1", 2 * layout.members());
    List<String> addresses =
        ports.subList(0, layout.members()).stream().map(port -> "127.0.0.1:" + port).toList();
    var environment = new HashMap<>(layout.environment());
    if (layout.storeUrl() != null) {
      environment.put(STORE_URL, layout.storeUrl());
    }
    for (int i = 0; i < layout.members(); i++) {
      int httpPort = ports.get(layout.members() + i);
      var arguments =
          new ArrayList<>(
              List.of(
                  "server",
                  "--json",
                  "--data",
                  data(i).toString(),
                  "--http-port",
                  String.valueOf(httpPort),
                  "--port",
                  String.valueOf(ports.get(i)),
                  "--store",
                  layout.store(),
                  "--cluster-name",
                  name));
      if (layout.members() > 1) {
        arguments.addAll(List.of("--join", String.join(",", addresses)));
        arguments.addAll(List.of("--cluster-size", String.valueOf(layout.size())));
      }
      members.add(
          new BenchMember(
              home,
              arguments,
              environment,
              folder.resolve("member-" + i + ".log"),
              "http://127.0.0.1:" + httpPort,
              addresses.get(i)));
    }
  }

  /** Starts all of them and waits until they take work. How long that took, in milliseconds. */
  public long start() {
    long begunNanos = System.nanoTime();
    members.forEach(BenchMember::start);
    awaitReady(members.size());
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos);
  }

  /** Waits until the first so many members take work and see each other. */
  public void awaitReady(int count) {
    long deadline = System.nanoTime() + READY_WAIT_MAX.toNanos();
    // All are asked each time: one that has ended is noticed at once.
    while (members.subList(0, count).stream().filter(member -> member.isReady(count)).count()
        < count) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(
            "not ready after "
                + READY_WAIT_MAX
                + ": "
                + members.stream().map(BenchMember::standing).toList());
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** The members, started or not. */
  public List<BenchMember> members() {
    return List.copyOf(members);
  }

  /** Host and port of each member, with commas between. */
  public List<String> addresses() {
    return members.stream().map(BenchMember::address).toList();
  }

  /** The cluster's name. */
  public String name() {
    return name;
  }

  /** A client of all members. */
  public HoldfastClient connect() {
    return client().connect();
  }

  /** A client of all members, before it connects. */
  public ClientBuilder client() {
    return HoldfastClient.builder().addresses(addresses().toArray(String[]::new)).clusterName(name);
  }

  /** Each member's data folder. */
  public List<Path> data() {
    var folders = new ArrayList<Path>();
    for (int i = 0; i < members.size(); i++) {
      folders.add(data(i));
    }
    return folders;
  }

  private Path data(int member) {
    return folder.resolve("data-" + member);
  }

  /** What all members together have counted. */
  public NodeCounters counters() throws IOException, InterruptedException {
    var sum = new NodeCounters(0, 0, 0);
    for (BenchMember member : members) {
      sum = sum.plus(NodeCounters.read(member.http()));
    }
    return sum;
  }

  @Override
  public void close() {
    members.forEach(BenchMember::close);
  }
}
