package dev.holdfast.node.acceptance;

import dev.holdfast.node.process.ChildProcess;
import dev.holdfast.node.process.FreePorts;
import dev.holdfast.node.process.NodeProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A node in a process of its own, by the real launcher, that keeps its data folder, ports and
 * cluster name over restarts.
 */
final class TestNode implements AutoCloseable {
  /** The folder that the launcher is in. */
  static final Path HOME =
      Path.of(System.getProperty("holdfast.home", "..")).toAbsolutePath().normalize();

  final Path data;
  final Path log;
  final String clusterName = "test-" + UUID.randomUUID();
  final int httpPort = FreePorts.oneOn("127.0.0.1");
  final int memberPort = FreePorts.oneOn("127.0.0.1");
  private final List<String> arguments = new ArrayList<>();
  private final Map<String, String> environment;
  private @Nullable NodeProcess node;

  /**
   * @param folder for the data and the log
   * @param further arguments of {@code holdfast server}
   */
  TestNode(Path folder, String... further) {
    this(folder, Map.of(), further);
  }

  /**
   * @param environment variables beside ours
   */
  TestNode(Path folder, Map<String, String> environment, String... further) {
    this(folder.resolve("data"), folder.resolve("node.log"), environment, further);
  }

  TestNode(Path data, Path log, Map<String, String> environment, String... further) {
    this.environment = environment;
    this.data = data;
    this.log = log;
    arguments.addAll(
        List.of(
            "--data",
            data.toString(),
            "--http-port",
            String.valueOf(httpPort),
            "--port",
            String.valueOf(memberPort),
            "--cluster-name",
            clusterName));
    arguments.addAll(List.of(further));
  }

  /** Starts the node, and waits until it is ready. */
  TestNode start() {
    node = NodeProcess.start(HOME, arguments, log, environment);
    return this;
  }

  /** {@code kill -9}. */
  void kill() {
    running().process().kill();
  }

  /** SIGTERM; its exit code. */
  int terminate() {
    return running().process().terminate();
  }

  NodeProcess running() {
    if (node == null) {
      throw new IllegalStateException("not started");
    }
    return node;
  }

  HttpApi http() {
    return new HttpApi("http://127.0.0.1:" + httpPort);
  }

  String memberAddress() {
    return "127.0.0.1:" + memberPort;
  }

  /** Runs a command of the launcher to its end. */
  static ChildProcess launch(Path log, String... arguments) {
    return ChildProcess.start(HOME, List.of(arguments), log, Map.of());
  }

  @Override
  public void close() {
    if (node != null) {
      node.close();
    }
  }
}
