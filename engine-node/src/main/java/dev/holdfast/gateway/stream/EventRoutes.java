package dev.holdfast.gateway.stream;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.gateway.call.Call;
import dev.holdfast.gateway.json.Json;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import dev.holdfast.grid.Engine;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events as they happen, as server-sent events that {@code Last-Event-ID} resumes.
 *
 * <p>Of one execution the id is the event's seq, and any position can be resumed from, as long as
 * the execution is kept, on any member. Of all executions of a tenant the id is {@code
 * execution:seq}; each member keeps the newest few thousand events of the whole cluster while
 * somebody reads there and a minute longer. Who resumes from further back, or on a member that has
 * not been asked before, is sent a {@code gap} notice first and then all that is kept; and whoever
 * reads is sent one where members came or went and events may have been missed.
 */
public final class EventRoutes implements AutoCloseable {
  static final int SIGN_OF_LIFE_SECONDS = 10;

  private static final Logger LOG = LoggerFactory.getLogger(EventRoutes.class);
  private static final String LAST_EVENT_ID = "Last-Event-ID";
  private static final int BATCH = 256;

  private final Engine engine;
  private final CompletableFuture<Void> closing;
  private final Semaphore streams;
  private final TenantFeeds feeds;

  /**
   * @param streamsMax streams that are open at once, at most
   * @param closing completes when the gateway closes: streams end then
   */
  public EventRoutes(Engine engine, int streamsMax, CompletableFuture<Void> closing) {
    this.engine = engine;
    this.closing = closing;
    this.streams = new Semaphore(streamsMax);
    this.feeds = new TenantFeeds(engine.events());
  }

  /** Adds the calls to the router. */
  public void addTo(RoutesConfig routes) {
    routes.get("/v1/executions/{id}/events", this::ofExecution);
    routes.get("/v1/events", this::ofTenant);
  }

  /** A stream that has its place and writes until it ends. */
  private interface Stream {
    void run() throws IOException, InterruptedException;
  }

  private void ofExecution(Context http) {
    ExecutionKey key = new Call(http).execution();
    ExecutionState state = Call.found(engine, key);
    long after = lastSeq(http.header(LAST_EVENT_ID));
    if (state.status().isEnded() && after >= state.seq()) {
      // By the standard a 204 tells an EventSource not to come back.
      http.status(204);
      return;
    }
    stream(
        () -> new ExecutionStream(engine, key, after, SseWriter.open(http.res()), closing).run());
  }

  private static long lastSeq(@Nullable String id) {
    if (id == null || id.isBlank()) {
      return 0;
    }
    try {
      return Math.max(0, Long.parseLong(id.trim()));
    } catch (NumberFormatException e) {
      throw new ProblemException(
          ProblemKind.INVALID_REQUEST, LAST_EVENT_ID + " must be the seq of an event: " + id);
    }
  }

  private void ofTenant(Context http) {
    String tenant = new Call(http).tenant();
    stream(() -> {
      ReplayRing ring = feeds.acquire(tenant);
      try {
        follow(ring, http.header(LAST_EVENT_ID), SseWriter.open(http.res()));
      } finally {
        feeds.release(tenant);
      }
    });
  }

  private void follow(ReplayRing ring, @Nullable String lastId, SseWriter out)
      throws IOException, InterruptedException {
    long position = ring.end();
    if (lastId != null && !lastId.isBlank()) {
      Long resumed = ring.after(lastId.trim());
      if (resumed == null) {
        gap(out, "what came after " + lastId + " is no longer kept here");
      }
      position = resumed == null ? ring.beginning() : resumed;
    }
    int quietSeconds = 0;
    while (!closing.isDone()) {
      ReplayRing.Batch batch = ring.read(position, BATCH, Duration.ofSeconds(1));
      position = batch.position();
      if (batch.gap()) {
        gap(out, "this reader fell further behind than events are kept");
      }
      for (ReplayRing.Entry entry : batch.entries()) {
        write(out, entry);
      }
      if (!batch.entries().isEmpty()) {
        out.flush();
        quietSeconds = 0;
      } else if (++quietSeconds % SIGN_OF_LIFE_SECONDS == 0) {
        out.signOfLife();
      }
    }
  }

  private static void write(SseWriter out, ReplayRing.Entry entry) throws IOException {
    if (entry.id().isEmpty()) {
      out.notice(entry.type(), entry.json());
    } else {
      out.event(entry.id(), entry.type(), entry.json());
    }
  }

  /** The notice that events may be missing at this place. */
  static ReplayRing.Entry gap(String reason) {
    return new ReplayRing.Entry(
        "", "gap", Json.bytes(Map.of("reason", reason + "; the executions' histories have all")));
  }

  private static void gap(SseWriter out, String reason) throws IOException {
    write(out, gap(reason));
    out.flush();
  }

  private void stream(Stream stream) {
    if (!streams.tryAcquire()) {
      throw new ProblemException(ProblemKind.OVERLOADED, "too many event streams are open");
    }
    try {
      stream.run();
    } catch (IOException e) {
      LOG.debug("A reader of events has gone: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      streams.release();
    }
  }

  @Override
  public void close() {
    feeds.close();
  }
}
