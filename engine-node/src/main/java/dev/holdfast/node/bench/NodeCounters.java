package dev.holdfast.node.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/**
 * What a node has counted since its start, from its metrics.
 *
 * @param entries transitions made durable, each one row
 * @param payloadBytes what they took
 */
record NodeCounters(double entries, double commits, double payloadBytes) {

  static NodeCounters read(String http) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(http + "/metrics")).build();
      String text = client.send(request, BodyHandlers.ofString()).body();
      return new NodeCounters(
          value(text, "holdfast_journal_entries_total"),
          value(text, "holdfast_journal_commit_seconds_count"),
          value(text, "holdfast_journal_payload_bytes_total"));
    }
  }

  NodeCounters since(NodeCounters before) {
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
