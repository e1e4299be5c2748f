package dev.holdfast.cli.workflow;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.ExecutionView;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.UnreachableException;
import dev.holdfast.cli.output.Output;
import dev.holdfast.cli.output.Times;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Prints an execution's events as they come, until it has ended. A node that goes away for a while
 * is waited for.
 */
public final class Watching {
  private static final Duration NODE_AWAY_MAX = Duration.ofMinutes(1);
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final String DATA = "data: ";

  private final ApiClient api;
  private final Output output;
  private @Nullable String lastId;

  public Watching(ApiClient api, Output output) {
    this.api = api;
    this.output = output;
  }

  /**
   * Watches until the end.
   *
   * @return {@link ExitCode#DONE} when it completed, else {@link ExitCode#FAILED}
   */
  public int until(String execution) {
    String path = "/v1/executions/" + ApiClient.escaped(execution);
    // The first call says whether there is such an execution, and is not repeated.
    api.get(path);
    long awaySince = 0;
    while (true) {
      try {
        if (follow(path)) {
          return end(api.get(path));
        }
        awaySince = 0;
      } catch (UnreachableException | UncheckedIOException e) {
        long now = System.nanoTime();
        awaySince = awaySince == 0 ? now : awaySince;
        if (now - awaySince > NODE_AWAY_MAX.toNanos()) {
          throw e;
        }
      }
      LockSupport.parkNanos(RETRY_NANOS);
    }
  }

  /**
   * @return whether the end came by
   */
  private boolean follow(String path) {
    try (Stream<String> lines = api.events(path + "/events", lastId)) {
      if (lines == null) {
        return true;
      }
      String id = null;
      for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
        String line = each.next();
        if (line.startsWith("id: ")) {
          id = line.substring("id: ".length());
        } else if (line.startsWith(DATA) && id != null) {
          Map<String, @Nullable Object> event = Json.object(line.substring(DATA.length()));
          lastId = id;
          print(event);
          if (Events.isLast(event.get("type"))) {
            return true;
          }
        }
      }
      return false;
    }
  }

  private void print(Map<String, @Nullable Object> event) {
    if (output.json()) {
      output.line(Json.line(event));
      return;
    }
    Instant at = Instant.parse(String.valueOf(event.get("at")));
    Object task = event.get("task");
    output.line(
        "%s  %-20s %-16s %s"
            .formatted(
                Times.clock(at, output.zone()),
                event.get("type"),
                task == null ? "" : task,
                Events.WORDS.of(event))
            .stripTrailing());
  }

  private int end(Map<String, @Nullable Object> answer) {
    ExecutionView execution = Json.as(answer, ExecutionView.class);
    if (output.json()) {
      output.line(Json.line(answer));
    } else {
      Instant end = execution.endedAt() == null ? output.now() : execution.endedAt();
      output.line("");
      output.field("status", execution.status());
      output.field("took", Times.duration(Duration.between(execution.startedAt(), end)));
      if (execution.error() != null) {
        output.field("error", execution.error().type() + ": " + execution.error().message());
      }
      if (execution.output() != null) {
        output.field("output", Json.line(execution.output()));
      }
    }
    return execution.status() == ExecutionStatus.COMPLETED ? ExitCode.DONE : ExitCode.FAILED;
  }
}
