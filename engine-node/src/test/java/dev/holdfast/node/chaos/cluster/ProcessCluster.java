package dev.holdfast.node.chaos.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Members of one cluster, each a process of its own with a folder of its own, that tests kill,
 * suspend and cut off from each other. Data and logs are left where they are, for whoever looks for
 * the cause of a failure.
 */
public final class ProcessCluster implements AutoCloseable {
  private static final long LOOK_EVERY_NANOS = Duration.ofMillis(100).toNanos();

  private final String clusterName = "chaos-" + UUID.randomUUID();
  private final Links links;
  private final Map<String, String> environment;
  private final List<MemberProcess> members;

  /**
   * Lays out a cluster; nothing is started.
   *
   * @param folder for the members' data and logs
   * @param size members expected, by which quorum is counted
   * @param further arguments of {@code holdfast server}, the same for all
   * @param environment added to every member's
   */
  public ProcessCluster(
      Path folder, int size, Links links, List<String> further, Map<String, String> environment) {
    this.links = links;
    this.environment = environment;
    List<Integer> ports = IntStream.range(0, size).mapToObj(links::memberPort).toList();
    List<String> addresses =
        IntStream.range(0, size)
            .mapToObj(number -> links.advertised(number, ports.get(number)))
            .toList();
    this.members =
        IntStream.range(0, size)
            .mapToObj(number -> member(folder, number, ports.get(number), addresses, further))
            .toList();
  }

  private MemberProcess member(
      Path folder, int number, int port, List<String> addresses, List<String> further) {
    Path own = folder.resolve("member-" + number);
    String host = links.host(number);
    int httpPort = links.httpPort(number);
    Path config = own.resolve("holdfast.yaml");
    try {
      Files.createDirectories(own);
      Files.writeString(
          config, "member: { publicAddress: '%s' }%n".formatted(addresses.get(number)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var arguments = new ArrayList<>(List.of("server", "--json"));
    arguments.addAll(List.of("--config", config.toString()));
    arguments.addAll(List.of("--data", own.resolve("data").toString()));
    arguments.addAll(List.of("--bind", host));
    arguments.addAll(List.of("--port", String.valueOf(port)));
    arguments.addAll(List.of("--http-port", String.valueOf(httpPort)));
    arguments.addAll(List.of("--cluster-name", clusterName));
    arguments.addAll(List.of("--join", String.join(",", addresses)));
    arguments.addAll(List.of("--cluster-size", String.valueOf(addresses.size())));
    arguments.addAll(further);
    return new MemberProcess(
        number,
        own.resolve("data"),
        own.resolve("stderr.log"),
        "http://" + host + ':' + httpPort,
        host + ':' + port,
        links.prefix(number),
        arguments,
        environment);
  }

  public String clusterName() {
    return clusterName;
  }

  public List<MemberProcess> members() {
    return members;
  }

  public MemberProcess member(int number) {
    return members.get(number);
  }

  public Links links() {
    return links;
  }

  /** Members whose processes are there and not suspended. */
  public List<MemberProcess> running() {
    return members.stream().filter(MemberProcess::isRunning).toList();
  }

  /** Starts every member that does not run. */
  public void startAll() {
    members.stream().filter(member -> !member.isAlive()).forEach(MemberProcess::start);
  }

  /** Nothing passes between a member of the one group and a member of the other. */
  public void partition(List<Integer> one, List<Integer> other) {
    one.forEach(a -> other.forEach(b -> links.cut(a, b)));
  }

  /** Nothing passes between this member and the others. */
  public void isolate(MemberProcess member) {
    for (MemberProcess other : members) {
      if (other != member) {
        links.cut(member.number(), other.number());
      }
    }
  }

  /**
   * Waits until every running member is ready and sees all the running ones.
   *
   * @throws IllegalStateException when that takes too long, saying how each of them is; what their
   *     threads do is beside their logs then
   */
  public void awaitReady(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    while (!isReady()) {
      if (System.nanoTime() > end || members.stream().anyMatch(MemberProcess::hasFailed)) {
        dumpThreads();
        throw new IllegalStateException("not ready within " + atMost + ": " + describe());
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  private boolean isReady() {
    List<MemberProcess> running = running();
    return running.stream().allMatch(member -> member.isReady() && member.sees() == running.size());
  }

  /**
   * Waits until every running member's disk has had all that it should have for so long.
   *
   * @throws IllegalStateException when that takes too long
   */
  public void awaitSettled(Duration steady, Duration atMost) {
    long now = System.nanoTime();
    long end = now + atMost.toNanos();
    long since = now;
    while (now - since < steady.toNanos()) {
      if (now - end > 0) {
        throw new IllegalStateException("disks not settled within " + atMost + ": " + describe());
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
      now = System.nanoTime();
      if (!running().stream().allMatch(MemberProcess::isSettled)) {
        since = now;
      }
    }
  }

  /** Writes what the threads of those that run do to files beside their logs. */
  public void dumpThreads() {
    members.forEach(MemberProcess::dumpThreads);
  }

  /** How each member is, for a person. */
  public String describe() {
    return members.stream()
        .map(member ->
            "%s %s sees %d, log %s"
                .formatted(
                    member,
                    member.isReady()
                        ? "ready"
                        : member.isAlive() ? "alive" : member.hasFailed() ? "failed" : "down",
                    member.isRunning() ? member.sees() : 0,
                    member.log()))
        .collect(Collectors.joining("; "));
  }

  /** Kills what runs. */
  @Override
  public void close() {
    links.heal();
    members.forEach(MemberProcess::close);
    links.close();
  }
}
