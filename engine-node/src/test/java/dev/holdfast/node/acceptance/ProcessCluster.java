package dev.holdfast.node.acceptance;

import dev.holdfast.node.process.FreePorts;
import dev.holdfast.node.process.NodeProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Members of one cluster in processes of their own, by the real launcher. Not thread-safe. */
final class ProcessCluster implements AutoCloseable {
  private final Path folder;
  private final String name = "test-" + UUID.randomUUID();
  private final List<Integer> ports;
  private final List<NodeProcess> members = new ArrayList<>();

  /**
   * Starts none of them yet.
   *
   * @param folder for data and logs
   * @param size members expected
   */
  ProcessCluster(Path folder, int size) {
    this.folder = folder;
    this.ports = FreePorts.on("127.0.0.1", size);
  }

  /** Starts the next one; it may wait for others before it takes work. */
  HttpApi start() {
    int member = members.size();
    String join = String.join(",", ports.stream().map(port -> "127.0.0.1:" + port).toList());
    var node =
        NodeProcess.start(
            TestNode.HOME,
            List.of(
                "--data",
                folder.resolve("data-" + member).toString(),
                "--http-port",
                "0",
                "--port",
                String.valueOf(ports.get(member)),
                "--cluster-name",
                name,
                "--join",
                join),
            folder.resolve("member-" + member + ".log"),
            Map.of());
    members.add(node);
    return new HttpApi(node.http());
  }

  /** A member that was started, counted from 0. */
  NodeProcess member(int number) {
    return members.get(number);
  }

  /** Those that still run are killed. */
  @Override
  public void close() {
    members.forEach(NodeProcess::close);
  }
}
