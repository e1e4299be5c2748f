package dev.holdfast.node.server;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import tools.jackson.databind.json.JsonMapper;

/** What a node says of itself once it is ready. */
final class Banner {
  private Banner() {}

  /** One block for people. */
  static String text(NodeRuntime node) {
    return """
    Holdfast %s is ready after %d ms
      http    %s
      member  %s   cluster %s
      data    %s   store %s%n\
    """
        .formatted(
            node.version(),
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
    fields.put("readyMs", readyMillis());
    return new JsonMapper().writeValueAsString(fields) + System.lineSeparator();
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
