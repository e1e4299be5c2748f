package dev.holdfast.node.server;

import dev.holdfast.grid.ClusterState;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What a node says of itself once it answers, and once it is ready. */
final class Banner {
  private Banner() {}

  /** One block for people. */
  static String text(NodeRuntime node) {
    return """
    Holdfast %s %s after %d ms
      http    %s
      member  %s   cluster %s
      data    %s   store %s%n\
    """
        .formatted(
            node.version(),
            isOpen(node) ? "is ready" : "is up and " + node.standing().detail(),
            readyMillis(),
            node.httpAddress(),
            node.memberAddress(),
            node.config().clusterName(),
            node.config().data(),
            node.store());
  }

  /** One line of JSON for programs. */
  static String json(NodeRuntime node) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("version", node.version());
    fields.put("http", node.httpAddress());
    fields.put("member", node.memberAddress());
    fields.put("cluster", node.config().clusterName());
    fields.put("data", node.config().data().toString());
    fields.put("store", node.store());
    fields.put("state", node.standing().state());
    fields.put("readyMs", readyMillis());
    return line(fields);
  }

  /** What is said when the cluster has opened after the first words. */
  static String opened(boolean json) {
    if (!json) {
      return "The cluster is open after %d ms%n".formatted(readyMillis());
    }
    var fields = new LinkedHashMap<String, Object>();
    fields.put("state", ClusterState.OPEN);
    fields.put("readyMs", readyMillis());
    return line(fields);
  }

  private static String line(Map<String, Object> fields) {
    return new JsonMapper().writeValueAsString(fields) + System.lineSeparator();
  }

  static boolean isOpen(NodeRuntime node) {
    return node.standing().state() == ClusterState.OPEN;
  }

  /** Since the JVM's process was started. */
  private static long readyMillis() {
    return ProcessHandle.current()
        .info()
        .startInstant()
        .map(start -> Duration.between(start, Instant.now()).toMillis())
        .orElse(-1L);
  }
}
