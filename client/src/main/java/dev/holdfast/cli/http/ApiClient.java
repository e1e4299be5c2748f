package dev.holdfast.cli.http;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One node's HTTP API, as one tenant. Thread-safe. */
public final class ApiClient implements AutoCloseable {
  private static final int NO_CONTENT = 204;
  private static final int HISTORY_PAGE = 1000;
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);

  /** Longer than any call's own {@code wait}. */
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(90);

  /** Of large data, which may have a slow way to go. */
  private static final Duration TRANSFER_WITHIN = Duration.ofHours(1);

  private final URI server;
  private final String tenant;
  private final String actor;
  private final List<String> roles;
  private final HttpClient http;

  /**
   * @param server such as {@code http://127.0.0.1:8080}
   * @param actor named in the events that calls cause, where the node has no login
   * @param roles of the actor, where the node has no login
   */
  public ApiClient(URI server, String tenant, String actor, List<String> roles) {
    this.server = server;
    this.tenant = tenant;
    this.actor = actor;
    this.roles = List.copyOf(roles);
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_WITHIN)
            .build();
  }

  /** Whose data the calls are about. */
  public String tenant() {
    return tenant;
  }

  /** A path's segment or a query's value, escaped. */
  public static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** {@code ?a=1&b=2}; nothing for no parameters. */
  public static String query(Map<String, String> parameters) {
    return parameters.isEmpty()
        ? ""
        : parameters.entrySet().stream()
            .map(entry -> escaped(entry.getKey()) + '=' + escaped(entry.getValue()))
            .collect(Collectors.joining("&", "?", ""));
  }

  public Map<String, @Nullable Object> get(String path) {
    return call(request(path).GET());
  }

  /**
   * @param body a JSON value; null: none
   */
  public Map<String, @Nullable Object> post(String path, @Nullable Object body) {
    HttpRequest.Builder request = request(path);
    if (body == null) {
      return call(request.POST(BodyPublishers.noBody()));
    }
    return call(
        request
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Json.line(body))));
  }

  public Map<String, @Nullable Object> put(String path, String mediaType, String body) {
    return call(request(path).header("Content-Type", mediaType).PUT(BodyPublishers.ofString(body)));
  }

  public void delete(String path) {
    call(request(path).DELETE());
  }

  /**
   * Sends a file, piece by piece.
   *
   * @throws java.io.FileNotFoundException when it can't be read
   */
  public Map<String, @Nullable Object> upload(String path, String mediaType, Path file)
      throws FileNotFoundException {
    return call(
        request(path)
            .timeout(TRANSFER_WITHIN)
            .header("Content-Type", mediaType)
            .POST(BodyPublishers.ofFile(file)));
  }

  /** Any content, as it comes. To be closed. */
  public InputStream download(String path) {
    HttpResponse<InputStream> response =
        send(
            request(path).setHeader("Accept", "*/*").timeout(TRANSFER_WITHIN).GET().build(),
            BodyHandlers.ofInputStream());
    if (response.statusCode() == 200) {
      return response.body();
    }
    try (InputStream body = response.body()) {
      throw refused(response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UnreachableException(server, e);
    }
  }

  /**
   * Server-sent events, line by line. To be closed.
   *
   * @param lastEventId null: from the first
   * @return null when the node says that there is nothing more to come
   */
  public @Nullable Stream<String> events(String path, @Nullable String lastEventId) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .header("Accept", "text/event-stream")
            .header("X-Holdfast-Tenant", tenant)
            .GET();
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<Stream<String>> response = send(request.build(), BodyHandlers.ofLines());
    if (response.statusCode() == NO_CONTENT) {
      response.body().close();
      return null;
    }
    if (response.statusCode() != 200) {
      try (Stream<String> lines = response.body()) {
        throw refused(response.statusCode(), lines.collect(Collectors.joining("\n")));
      }
    }
    return response.body();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(ANSWER_WITHIN)
            .header("Accept", "application/json, application/problem+json")
            .header("X-Holdfast-Tenant", tenant)
            .header("X-Holdfast-Actor", actor);
    return roles.isEmpty() ? request : request.header("X-Holdfast-Roles", String.join(",", roles));
  }

  private Map<String, @Nullable Object> call(HttpRequest.Builder request) {
    HttpResponse<String> response = send(request.build(), BodyHandlers.ofString());
    int status = response.statusCode();
    if (status / 100 != 2) {
      throw refused(status, response.body());
    }
    if (status == NO_CONTENT) {
      return Map.of();
    }
    try {
      return Json.object(response.body());
    } catch (IllegalArgumentException e) {
      // A node that was killed in the middle of an answer.
      throw new UnreachableException(server, new IOException("its answer was cut off", e));
    }
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (IOException e) {
      throw new UnreachableException(server, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnreachableException(server, new IOException("interrupted", e));
    }
  }

  private static ApiException refused(int status, String body) {
    try {
      return new ApiException(status, Json.object(body));
    } catch (IllegalArgumentException notJson) {
      // Something else than a node answers there, such as a proxy.
      return new ApiException(status, Map.of());
    }
  }

  /** Lets go of connections at once. */
  @Override
  public void close() {
    http.shutdownNow();
  }

  /**
   * All events behind one, page by page.
   *
   * @param path of what has the history
   * @param after number of that event; 0: from the first
   */
  public List<Map<String, @Nullable Object>> history(String path, long after) {
    List<Map<String, @Nullable Object>> items = new ArrayList<>();
    Object next = after;
    while (next != null) {
      Map<String, @Nullable Object> page =
          get(path + "/history?after=" + next + "&limit=" + HISTORY_PAGE);
      items.addAll(items(page));
      next = page.get("nextAfter");
    }
    return items;
  }

  /** The list under {@code items} of an answer. */
  public static List<Map<String, @Nullable Object>> items(Map<String, @Nullable Object> answer) {
    if (!(answer.get("items") instanceof List<?> items)) {
      throw new IllegalStateException("the answer has no items: " + answer.keySet());
    }
    // By the API's contract items are objects.
    @SuppressWarnings("unchecked")
    var objects = (List<Map<String, @Nullable Object>>) items;
    return objects;
  }
}
