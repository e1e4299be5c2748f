package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Calls a gateway as a client would; holds every answer to the OpenAPI document. */
public final class Api implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final OpenApiDocument DOCUMENT = new OpenApiDocument();

  private final HttpClient client = HttpClient.newBuilder().build();
  private final String base;

  Api(int port) {
    this.base = "http://127.0.0.1:" + port;
  }

  /** What came back. */
  public record Answer(int status, HttpResponse<String> response) {
    public JsonNode json() {
      return OpenApiDocument.MAPPER.readTree(response.body());
    }

    public String text(String pointer) {
      return json().at(pointer).asString("");
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    /** The answer, after checking that it is a refusal with this code. */
    public Answer refused(int expected, String code) {
      assertThat(response.body()).contains("\"code\":\"" + code + "\"");
      assertThat(status).isEqualTo(expected);
      assertThat(header("Content-Type")).startsWith("application/problem+json");
      return this;
    }

    /** The answer, after checking its status. */
    public Answer is(int expected) {
      assertThat(status).as(response.body()).isEqualTo(expected);
      return this;
    }
  }

  public Answer get(String path, String... headers) {
    return send(request(path, headers).GET());
  }

  public Answer post(String path, String json, String... headers) {
    return send(
        request(path, headers)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  public Answer postEmpty(String path, String... headers) {
    return send(request(path, headers).POST(BodyPublishers.noBody()));
  }

  public Answer delete(String path, String... headers) {
    return send(request(path, headers).DELETE());
  }

  public Answer send(String method, String path, String type, String body, String... headers) {
    return send(
        request(path, headers)
            .header("Content-Type", type)
            .method(method, BodyPublishers.ofString(body)));
  }

  public Answer apply(String name, String yaml) {
    return send("PUT", "/v1/definitions/" + name, "application/yaml", yaml);
  }

  /** Starts an execution; gives its id. */
  public String start(String definition) {
    return post("/v1/executions", "{\"definition\":\"" + definition + "\"}").is(201).text("/id");
  }

  /** Takes one task; gives the poll's first task. */
  public JsonNode take(String capability) {
    Answer answer =
        post(
            "/v1/tasks/poll",
            "{\"worker\":\"w1\",\"agents\":[\"" + capability + "\"],\"wait\":\"10s\"}");
    answer.is(200);
    assertThat(answer.json().get("tasks")).as("tasks for " + capability).hasSize(1);
    return answer.json().get("tasks").get(0);
  }

  public Answer complete(JsonNode task, String output) {
    return post(
        "/v1/tasks/" + task.get("token").asString() + "/complete", "{\"output\":" + output + '}');
  }

  /** Opens a stream of server-sent events. */
  public Sse stream(String path, String... headers) {
    try {
      return new Sse(
          client.send(request(path, headers).GET().build(), BodyHandlers.ofInputStream()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE);
    return headers.length == 0 ? request : request.headers(headers);
  }

  private Answer send(HttpRequest.Builder builder) {
    HttpRequest request = builder.build();
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      String type = response.headers().firstValue("Content-Type").orElse("");
      assertThat(
              DOCUMENT.violations(
                  request.method(),
                  request.uri().getRawPath(),
                  response.statusCode(),
                  type,
                  response.body()))
          .as(request + " answered " + response.statusCode() + ": " + response.body())
          .isEmpty();
      return new Answer(response.statusCode(), response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  /** A stream being read. */
  static final class Sse implements AutoCloseable {
    private final HttpResponse<InputStream> response;
    private final java.io.BufferedReader lines;

    Sse(HttpResponse<InputStream> response) {
      this.response = response;
      this.lines =
          new java.io.BufferedReader(
              new java.io.InputStreamReader(
                  response.body(), java.nio.charset.StandardCharsets.UTF_8));
    }

    record Event(String id, String type, String data) {}

    int status() {
      return response.statusCode();
    }

    /** The next event; null once the stream has ended. Comments are passed over. */
    @org.jspecify.annotations.Nullable
    Event next() {
      try {
        String id = "";
        String type = "";
        String data = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.isEmpty() && !data.isEmpty()) {
            return new Event(id, type, data);
          } else if (line.startsWith("id: ")) {
            id = line.substring(4);
          } else if (line.startsWith("event: ")) {
            type = line.substring(7);
          } else if (line.startsWith("data: ")) {
            data = line.substring(6);
          }
        }
        return null;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** All events until the stream ends. */
    java.util.List<Event> rest() {
      return Stream.generate(this::next).takeWhile(event -> event != null).toList();
    }

    @Override
    public void close() {
      try {
        lines.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
