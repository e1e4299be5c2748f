package dev.holdfast.node.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A node in a process of its own, ready to be used.
 *
 * @param process the JVM
 * @param http where its HTTP API is, such as {@code http://127.0.0.1:8080}
 * @param member host and port for thin clients
 * @param clusterName what thin clients must name
 * @param readyMillis from the start of its JVM to its being ready, as it says itself
 */
public record NodeProcess(
    ChildProcess process, String http, String member, String clusterName, long readyMillis)
    implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * Starts a node and waits until it is ready.
   *
   * @param home the folder that the launcher is in
   * @param arguments of {@code holdfast server}
   * @throws IllegalStateException when it ends instead, with what it said
   */
  public static NodeProcess start(
      Path home, List<String> arguments, Path stderr, Map<String, String> environment) {
    var all = new ArrayList<>(List.of("server", "--json"));
    all.addAll(arguments);
    ChildProcess process = ChildProcess.start(home, all, stderr, environment);
    try {
      JsonNode banner = JSON.readTree(process.readLine());
      return new NodeProcess(
          process,
          banner.get("http").asString(),
          banner.get("member").asString(),
          banner.get("cluster").asString(),
          banner.get("readyMs").asLong());
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
