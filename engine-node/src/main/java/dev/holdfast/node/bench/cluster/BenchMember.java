package dev.holdfast.node.bench.cluster;

import dev.holdfast.node.process.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A member in a process of its own, which keeps its ports and its data folder over restarts. Not
 * thread-safe.
 */
public final class BenchMember implements AutoCloseable {
  /** Clock ticks a second in {@code /proc/PID/stat}; fixed on every Linux of today. */
  private static final long TICK_MILLIS = 10;

  private static final int USER_TIME_FIELD = 11;

  /** Far longer than leaving should take: that it took so long is a finding, not a failure. */
  private static final Duration LEAVE_WAIT_MAX = Duration.ofMinutes(2);

  private static final Duration ANSWER_MAX = Duration.ofSeconds(2);
  private static final JsonMapper JSON = new JsonMapper();

  private final Path home;
  private final List<String> arguments;
  private final Map<String, String> environment;
  private final Path log;
  private final String http;
  private final String address;
  private final HttpClient client = HttpClient.newHttpClient();
  private @Nullable ChildProcess process;

  BenchMember(
      Path home,
      List<String> arguments,
      Map<String, String> environment,
      Path log,
      String http,
      String address) {
    this.home = home;
    this.arguments = arguments;
    this.environment = environment;
    this.log = log;
    this.http = http;
    this.address = address;
  }

  /** Where its HTTP API is, such as {@code http://127.0.0.1:8080}. */
  public String http() {
    return http;
  }

  /** Host and port for thin clients and other members. */
  public String address() {
    return address;
  }

  /** Starts it and does not wait. */
  public void start() {
    process = ChildProcess.start(home, arguments, log, environment);
  }

  /**
   * {@code kill -9}; on return it does nothing more, though the system may still be clearing up.
   */
  public void strike() {
    ProcessHandle.of(running().pid()).ifPresent(ProcessHandle::destroyForcibly);
  }

  /** {@code kill -9}; on return it is gone. */
  public void kill() {
    running().kill();
  }

  /** SIGTERM; on return it has ended, and left the cluster in order. */
  public void terminate() {
    ProcessHandle.of(running().pid()).ifPresent(ProcessHandle::destroy);
    int exitCode = running().waitFor(LEAVE_WAIT_MAX);
    if (exitCode != 0) {
      throw new IllegalStateException("exit code " + exitCode + ": " + running().stderr());
    }
  }

  /** Whether it takes work, and sees so many members. */
  boolean isReady(int members) {
    if (!running().isAlive()) {
      throw new IllegalStateException("a member has ended: " + running().stderr());
    }
    try {
      return get("/health/ready") != null && members(get("/v1/cluster")).size() == members;
    } catch (IOException e) {
      // It does not listen yet.
      return false;
    }
  }

  /** How it sees the cluster, for a person. */
  String standing() {
    try {
      return address + ": " + get("/v1/cluster");
    } catch (IOException e) {
      return address + ": " + e;
    }
  }

  /** Live executions that it says it owns; -1 when it does not answer. */
  public long owned() {
    try {
      return members(get("/v1/cluster")).stream()
          .filter(member -> member.path("local").asBoolean())
          .mapToLong(member -> member.path("owned").asLong())
          .sum();
    } catch (IOException e) {
      return -1;
    }
  }

  private static List<JsonNode> members(@Nullable JsonNode cluster) {
    return cluster == null ? List.of() : cluster.path("members").valueStream().toList();
  }

  private @Nullable JsonNode get(String path) throws IOException {
    var request = HttpRequest.newBuilder(URI.create(http + path)).timeout(ANSWER_MAX).build();
    try {
      var answer = client.send(request, BodyHandlers.ofString());
      return answer.statusCode() == 200 ? JSON.readTree(answer.body()) : null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Resident memory in bytes; 0 where there is no {@code /proc}. */
  public long residentBytes() {
    return running().residentBytes();
  }

  /** CPU time that its process has used, in milliseconds; 0 where there is no {@code /proc}. */
  public long cpuMillis() {
    Path stat = proc("stat");
    if (!Files.exists(stat)) {
      return 0;
    }
    try {
      String text = Files.readString(stat);
      // The second field is the program's name in brackets, which may have spaces in it.
      String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
      long ticks =
          Long.parseLong(fields[USER_TIME_FIELD]) + Long.parseLong(fields[USER_TIME_FIELD + 1]);
      return ticks * TICK_MILLIS;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path proc(String file) {
    return Path.of("/proc", String.valueOf(running().pid()), file);
  }

  private ChildProcess running() {
    if (process == null) {
      throw new IllegalStateException("the member was not started");
    }
    return process;
  }

  /** Ends it at once. */
  @Override
  public void close() {
    client.close();
    if (process != null && process.isAlive()) {
      // What it has written is thrown away: there is nothing to leave in order.
      process.kill();
    }
  }
}
