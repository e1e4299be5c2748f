package dev.holdfast.node.bench.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Collectors;

/**
 * What a node has counted since its start, from its metrics.
 *
 * @param entries transitions made durable, each one row
 * @param payloadBytes what they took
 */
public record NodeCounters(double entries, double commits, double payloadBytes) {

  /** As they are now. */
  public static NodeCounters read(String http) throws IOException, InterruptedException {
    String text = metrics(http);
    return new NodeCounters(
        value(text, "holdfast_journal_entries_total"),
        value(text, "holdfast_journal_commit_seconds_count"),
        value(text, "holdfast_journal_payload_bytes_total"));
  }

  /** The node's used heap in bytes. */
  public static long usedHeap(String http) throws IOException, InterruptedException {
    String heap =
        metrics(http)
            .lines()
            .filter(line -> line.contains("area=\"heap\""))
            .collect(Collectors.joining("\n"));
    return (long) value(heap, "jvm_memory_used_bytes");
  }

  /** What the store takes, as the node last asked it. */
  public static long storeBytes(String http) throws IOException, InterruptedException {
    return (long) value(metrics(http), "holdfast_store_size_bytes");
  }

  private static String metrics(String http) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(http + "/metrics")).build();
      return client.send(request, BodyHandlers.ofString()).body();
    }
  }

  /** Of two nodes together. */
  public NodeCounters plus(NodeCounters other) {
    return new NodeCounters(
        entries + other.entries, commits + other.commits, payloadBytes + other.payloadBytes);
  }

  /** What was counted between the two looks. */
  public NodeCounters since(NodeCounters before) {
    return new NodeCounters(
        entries - before.entries, commits - before.commits, payloadBytes - before.payloadBytes);
  }

  private static double value(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name + ' ') || line.startsWith(name + '{'))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
