package dev.holdfast.node.acceptance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The HTTP API as any program would call it. Thread-safe. */
public final class HttpApi {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration ANSWER_WAIT_MAX = Duration.ofSeconds(40);
  private static final int PAGE = 1000;

  private final String server;
  private final Duration timeout;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  HttpApi(String server) {
    this(server, ANSWER_WAIT_MAX);
  }

  /**
   * @param server such as {@code http://127.0.0.1:8080}
   * @param timeout of one call
   */
  public HttpApi(String server, Duration timeout) {
    this.server = server;
    this.timeout = timeout;
  }

  /**
   * An answer.
   *
   * @param body of JSON; null when there was none
   */
  public record Answer(int status, @Nullable JsonNode body) {
    public JsonNode json() {
      if (body == null) {
        throw new IllegalStateException("an answer " + status + " without body");
      }
      return body;
    }
  }

  public Answer get(String path) throws IOException {
    return send(HttpRequest.newBuilder(uri(path)).GET());
  }

  /** What is there, as text, whatever its type. */
  public String text(String path) throws IOException {
    return exchange(HttpRequest.newBuilder(uri(path)).GET()).body();
  }

  public Answer post(String path, Map<String, ?> body) throws IOException {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }

  public Answer putYaml(String path, String body) throws IOException {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/yaml")
            .PUT(BodyPublishers.ofString(body)));
  }

  /** Sends any content. */
  public Answer upload(String path, byte[] content) throws IOException {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/octet-stream")
            .POST(BodyPublishers.ofByteArray(content)));
  }

  /** The whole history of an execution. */
  public List<JsonNode> history(String execution) throws IOException {
    var items = new ArrayList<JsonNode>();
    long after = 0;
    while (true) {
      Answer page =
          get("/v1/executions/%s/history?after=%d&limit=%d".formatted(execution, after, PAGE));
      if (page.status() != 200) {
        throw new IllegalStateException("history of " + execution + ": " + page);
      }
      JsonNode list = page.json().get("items");
      list.forEach(items::add);
      if (list.size() < PAGE) {
        return items;
      }
      after = items.getLast().get("seq").asLong();
    }
  }

  private URI uri(String path) {
    return URI.create(server + path);
  }

  private Answer send(HttpRequest.Builder request) throws IOException {
    var response = exchange(request);
    String body = response.body();
    return new Answer(response.statusCode(), body.isBlank() ? null : JSON.readTree(body));
  }

  private HttpResponse<String> exchange(HttpRequest.Builder request) throws IOException {
    try {
      return client.send(request.timeout(timeout).build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
