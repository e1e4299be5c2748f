package dev.holdfast.node.chaos.cluster;

import dev.holdfast.node.acceptance.HttpApi;
import dev.holdfast.node.process.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A member in a process of its own, by the real launcher. It keeps its data folder and its ports
 * over restarts. Started, killed and stopped by one thread; asked by any.
 */
public final class MemberProcess implements AutoCloseable {
  /** The folder that the launcher is in. */
  static final Path HOME =
      Path.of(System.getProperty("holdfast.home", "..")).toAbsolutePath().normalize();

  private static final Duration ANSWER_WAIT_MAX = Duration.ofSeconds(3);
  private static final int DUMP_SECONDS_MAX = 20;

  private final int number;
  private final Path data;
  private final Path log;
  private final String http;
  private final String member;
  private final List<String> prefix;
  private final List<String> arguments;
  private final Map<String, String> environment;
  private final HttpApi api;
  private volatile @Nullable ChildProcess process;
  private volatile boolean suspended;
  private volatile boolean wanted;

  /**
   * @param http such as {@code http://127.0.0.1:8080}
   * @param member what thin clients dial
   * @param arguments of {@code holdfast server}
   */
  MemberProcess(
      int number,
      Path data,
      Path log,
      String http,
      String member,
      List<String> prefix,
      List<String> arguments,
      Map<String, String> environment) {
    this.number = number;
    this.data = data;
    this.log = log;
    this.http = http;
    this.member = member;
    this.prefix = prefix;
    this.arguments = arguments;
    this.environment = environment;
    this.api = new HttpApi(http, ANSWER_WAIT_MAX);
  }

  /** From 0. */
  public int number() {
    return number;
  }

  /** Where its HTTP API is. */
  public String http() {
    return http;
  }

  /** What thin clients dial. */
  public String address() {
    return member;
  }

  /** Its data folder. */
  public Path data() {
    return data;
  }

  /** Everything it has written to stderr. */
  public Path log() {
    return log;
  }

  /** Starts it and returns at once. */
  public void start() {
    if (isAlive()) {
      throw new IllegalStateException("member " + number + " runs already");
    }
    wanted = true;
    process = ChildProcess.start(HOME, prefix, arguments, log, environment);
  }

  /** {@code kill -9}, whether it is suspended or not. */
  public void kill() {
    wanted = false;
    running().kill();
    suspended = false;
  }

  /** SIGTERM. Its exit code. */
  public int terminate() {
    wanted = false;
    return running().terminate();
  }

  /** SIGSTOP. */
  public void suspend() {
    signal("-STOP");
    suspended = true;
  }

  /** SIGCONT. */
  public void proceed() {
    signal("-CONT");
    suspended = false;
  }

  /** Removes everything in its data folder: its disk is lost. */
  public void wipe() {
    if (isAlive()) {
      throw new IllegalStateException("member " + number + " still runs");
    }
    if (!Files.exists(data)) {
      return;
    }
    try (var files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether its process is there, suspended or not. */
  public boolean isAlive() {
    ChildProcess here = process;
    return here != null && here.isAlive();
  }

  /** Whether it was started, and has ended though nobody told it to. */
  public boolean hasFailed() {
    return wanted && !isAlive();
  }

  /** Whether its process is there and not suspended. */
  public boolean isRunning() {
    return isAlive() && !suspended;
  }

  /** Whether it says that it takes work. */
  public boolean isReady() {
    return isRunning() && status("/health/ready") == 200;
  }

  /** Whether this stands in its log. */
  public boolean hasLogged(String text) throws IOException {
    try (var lines = Files.lines(log)) {
      return lines.anyMatch(line -> line.contains(text));
    }
  }

  /** Writes what its threads do to a file beside its log, if it runs. */
  void dumpThreads() {
    if (!isRunning()) {
      return;
    }
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var command = new ProcessBuilder(jcmd, String.valueOf(running().pid()), "Thread.print", "-l");
    command.redirectErrorStream(true).redirectOutput(log.resolveSibling("threads.txt").toFile());
    try {
      Process dump = command.start();
      if (!dump.waitFor(DUMP_SECONDS_MAX, TimeUnit.SECONDS)) {
        dump.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether its disk has the chains that it should have, by the last look that it took. */
  boolean isSettled() {
    try {
      return metric("holdfast_chains_unsettled") == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** How many members it sees, itself included; 0 when it does not answer. */
  public int sees() {
    try {
      HttpApi.Answer answer = api.get("/v1/cluster");
      return answer.status() == 200 ? answer.json().get("members").size() : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * What it answers at this path.
   *
   * @throws IllegalStateException when it does not answer with 200
   */
  public JsonNode get(String path) {
    try {
      HttpApi.Answer answer = api.get(path);
      if (answer.status() != 200) {
        throw new IllegalStateException("member %d, %s: %s".formatted(number, path, answer));
      }
      return answer.json();
    } catch (IOException e) {
      throw new UncheckedIOException("member " + number + " does not answer", e);
    }
  }

  /** The sum of a metric over its labels, as the member shows it. */
  public double metric(String name) throws IOException {
    return api.text("/metrics")
        .lines()
        .filter(line -> line.startsWith(name + ' ') || line.startsWith(name + '{'))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private int status(String path) {
    try {
      return api.get(path).status();
    } catch (IOException e) {
      return 0;
    }
  }

  private void signal(String signal) {
    try {
      Process kill = new ProcessBuilder("kill", signal, String.valueOf(running().pid())).start();
      if (!kill.waitFor(5, TimeUnit.SECONDS) || kill.exitValue() != 0) {
        throw new IllegalStateException("kill " + signal + " of member " + number + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private ChildProcess running() {
    ChildProcess here = process;
    if (here == null) {
      throw new IllegalStateException("member " + number + " was never started");
    }
    return here;
  }

  /** Kills it, so that nothing is left behind. */
  @Override
  public void close() {
    if (isAlive()) {
      kill();
    }
  }

  @Override
  public String toString() {
    return "member " + number;
  }
}
