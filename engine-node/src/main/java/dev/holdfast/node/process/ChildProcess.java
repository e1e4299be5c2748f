package dev.holdfast.node.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A command of the launcher, run as a process of its own with the flags that a user would get. What
 * it writes to stdout is read line by line; stderr goes to a file. Not thread-safe.
 */
public final class ChildProcess implements AutoCloseable {
  private static final Duration END_WAIT_MAX = Duration.ofSeconds(20);

  /** None of them outlives this process, unless that is killed by force. */
  private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly)));
  }

  private final String name;
  private final Process process;
  private final Path stderr;
  private final BufferedReader lines;
  private final BufferedWriter input;

  private ChildProcess(String name, Process process, Path stderr) {
    this.name = name;
    this.process = process;
    this.stderr = stderr;
    this.lines = process.inputReader(StandardCharsets.UTF_8);
    this.input = process.outputWriter(StandardCharsets.UTF_8);
    ALIVE.add(process);
    process.onExit().thenAccept(ALIVE::remove);
  }

  /**
   * Starts {@code holdfast arguments…}. The launcher execs the JVM, so the process is the JVM's.
   *
   * @param home the folder that the launcher is in
   * @param stderr the file that stderr is appended to
   * @param environment added to this process's own
   */
  public static ChildProcess start(
      Path home, List<String> arguments, Path stderr, Map<String, String> environment) {
    return start(home, List.of(), arguments, stderr, environment);
  }

  /**
   * Starts {@code prefix… holdfast arguments…}.
   *
   * @param prefix a command that execs the one that follows it, such as {@code ip netns exec}
   */
  public static ChildProcess start(
      Path home,
      List<String> prefix,
      List<String> arguments,
      Path stderr,
      Map<String, String> environment) {
    var command = new ArrayList<>(prefix);
    command.add(home.resolve("holdfast").toString());
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    builder.environment().put("HOLDFAST_BUILD", "never");
    builder.environment().put("HOLDFAST_JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.appendTo(stderr.toFile()));
    try {
      return new ChildProcess(String.join(" ", arguments), builder.start(), stderr);
    } catch (IOException e) {
      throw new UncheckedIOException("can't start " + command, e);
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Resident memory in bytes; 0 where there is no {@code /proc}. */
  public long residentBytes() {
    Path status = Path.of("/proc", String.valueOf(pid()), "status");
    if (!Files.exists(status)) {
      return 0;
    }
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The next line of stdout.
   *
   * @throws IllegalStateException when the process ended instead, with what it said on stderr
   */
  public String readLine() {
    try {
      String line = lines.readLine();
      if (line == null) {
        process.waitFor(END_WAIT_MAX.toSeconds(), TimeUnit.SECONDS);
        throw new IllegalStateException(
            "'%s' ended with %s: %s"
                .formatted(
                    name, process.isAlive() ? "closed stdout" : process.exitValue(), stderr()));
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for '" + name + "'", e);
    }
  }

  /** Sends a line to its stdin. */
  public void writeLine(String line) {
    try {
      input.write(line);
      input.newLine();
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("'" + name + "' does not read: " + stderr(), e);
    }
  }

  /** What it has said on stderr so far, and others that share the file. */
  public String stderr() {
    try {
      return Files.exists(stderr) ? Files.readString(stderr) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code kill -9}, and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    waitFor(END_WAIT_MAX);
  }

  /** Asks it to end by SIGTERM and waits. Its exit code. */
  public int terminate() {
    process.destroy();
    return waitFor(END_WAIT_MAX);
  }

  /**
   * Waits for its end.
   *
   * @return its exit code
   * @throws IllegalStateException when it does not end in time
   */
  public int waitFor(Duration atMost) {
    try {
      if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("'" + name + "' does not end: " + stderr());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for '" + name + "'", e);
    }
  }

  /** Ends it, by force if need be. */
  @Override
  public void close() {
    if (process.isAlive()) {
      process.destroy();
      try {
        if (!process.waitFor(END_WAIT_MAX.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
