package dev.holdfast.journal.postgres;

import static org.awaitility.Awaitility.await;

import dev.holdfast.node.process.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server of its own, from the binaries that Maven brings, on a free port of 127.0.0.1,
 * in a temporary folder that goes with it. It can be stopped, killed, suspended and started again.
 *
 * <p>PostgreSQL refuses to run as root: then it runs as {@code nobody}. A shell beside it ends it
 * and removes its folder when this JVM is gone, however it went.
 */
public final class PostgresServer implements AutoCloseable {
  public static final String USER = "holdfast";
  public static final String PASSWORD = "s3cret'\\ word";

  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final AtomicInteger DATABASES = new AtomicInteger();

  /** Ends the server when told to by a line, or for good when its input ends: our JVM is gone. */
  private static final String GUARD =
      """
      folder=$1; shift
      exec 3<&0
      "$@" </dev/null >>"$folder/server.log" 2>&1 &
      server=$!
      if read -r order <&3; then
        kill -INT $server; wait $server
      else
        kill -QUIT $server; wait $server; cd /; rm -rf "$folder"
      fi
      """;

  private static @Nullable PostgresServer shared;

  private final Path folder;
  private final int port;
  private final boolean synced;
  private @Nullable Process guard;

  private PostgresServer(boolean synced) {
    this.synced = synced;
    try {
      this.folder = Files.createTempDirectory("holdfast-postgres-");
      PostgresBinaries.unpack(folder.resolve("server"));
      Path password = Files.writeString(folder.resolve("password"), PASSWORD);
      Unprivileged.give(folder);
      run(
          binary("initdb"),
          "--pgdata=" + data(),
          "--username=" + USER,
          "--pwfile=" + password,
          "--auth=scram-sha-256",
          "--encoding=UTF8",
          "--locale=C",
          "--no-sync");
      this.port = FreePorts.oneOn("127.0.0.1");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The one that tests without faults of the server share; it ends with the JVM. */
  public static synchronized PostgresServer shared() {
    PostgresServer here = shared;
    if (here == null) {
      here = start(false);
      Runtime.getRuntime().addShutdownHook(new Thread(here::close));
      shared = here;
    }
    return here;
  }

  /**
   * A new one.
   *
   * @param synced whether commits are synced to the disk, which only the machine's failure shows
   */
  public static PostgresServer start(boolean synced) {
    var server = new PostgresServer(synced);
    try {
      server.start();
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
    return server;
  }

  /** A new, empty database's URL. */
  public String newDatabase() {
    String name = "test_" + DATABASES.incrementAndGet();
    try (Connection connection = connect(url("postgres"));
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException("can't make a database", e);
    }
    return url(name);
  }

  /** What a store is opened with. */
  public static PostgresSettings settings(String url) {
    return new PostgresSettings(url, USER, PASSWORD);
  }

  /** A connection to one of its databases. */
  public static Connection connect(String url) throws SQLException {
    return DriverManager.getConnection(url, USER, PASSWORD);
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** Starts it, again or for the first time; it answers on return. */
  public void start() {
    var command =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                GUARD,
                "guard",
                folder.toString(),
                binary("postgres"),
                "-D",
                data().toString()));
    for (String setting :
        List.of(
            "port=" + port,
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=100",
            "shared_buffers=64MB",
            "fsync=" + (synced ? "on" : "off"))) {
      command.add("-c");
      command.add(setting);
    }
    try {
      guard = new ProcessBuilder(Unprivileged.command(command)).directory(folder.toFile()).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await().atMost(START_MAX).pollInterval(Duration.ofMillis(50)).until(this::answers);
  }

  private boolean answers() {
    try (Connection connection = connect(url("postgres"))) {
      return connection.isValid(1);
    } catch (SQLException e) {
      if (guard == null || !guard.isAlive()) {
        throw new IllegalStateException("PostgreSQL did not start: " + log(), e);
      }
      return false;
    }
  }

  /** Stops it as an operator would ("fast"): connections are ended, what is committed is kept. */
  public void stop() {
    Process here = guard;
    if (here != null) {
      try {
        here.getOutputStream().write('\n');
        here.getOutputStream().flush();
        if (!here.waitFor(30, TimeUnit.SECONDS)) {
          throw new IllegalStateException("PostgreSQL does not stop: " + log());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while PostgreSQL was stopping", e);
      }
      guard = null;
    }
  }

  /** {@code kill -9}, of all of its processes. */
  public void kill() {
    signal("KILL");
    stop();
  }

  /** {@code SIGSTOP}: connections stay open, nothing answers. */
  public void suspend() {
    signal("STOP");
  }

  /** {@code SIGCONT}. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      String first = Files.readAllLines(data().resolve("postmaster.pid")).getFirst();
      ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(first)).orElseThrow();
      var command =
          new ArrayList<>(List.of("sh", "-c", "kill -" + name + " \"$@\"", "kill", first));
      postmaster.descendants().forEach(child -> command.add(String.valueOf(child.pid())));
      new ProcessBuilder(command).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private Path data() {
    return folder.resolve("data");
  }

  private String binary(String name) {
    return folder.resolve("server/bin").resolve(name).toString();
  }

  private String log() {
    try {
      Path file = folder.resolve("server.log");
      return Files.exists(file) ? Files.readString(file) : "it said nothing";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run(String... command) throws IOException {
    Process process =
        new ProcessBuilder(Unprivileged.command(Arrays.asList(command)))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes());
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command[0] + " failed: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Stops it and removes its folder. */
  @Override
  public void close() {
    try {
      if (guard != null && guard.isAlive()) {
        resume();
      }
      stop();
    } finally {
      Folders.delete(folder);
    }
  }
}
