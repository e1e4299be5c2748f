package dev.holdfast.client;

import com.hazelcast.core.HazelcastInstance;
import dev.holdfast.api.UnavailableException;
import dev.holdfast.client.wire.Reply;
import dev.holdfast.client.wire.ReplyCodec;
import dev.holdfast.client.wire.Request;
import dev.holdfast.client.wire.RequestBatch.Window;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * Sends requests to the members that they are best answered by, again and again until they are
 * answered or their time is up. Thread-safe.
 */
final class Cluster implements AutoCloseable {
  /** Commands of the application under way at once; a caller with one more waits. */
  static final int COMMANDS_UNDER_WAY_MAX = 1 << 16;

  private static final long RETRY_FIRST_MILLIS = 50;
  private static final long RETRY_MILLIS_MAX = 1_000;

  /** Tries that are close together: a fail-over takes about so long. */
  private static final int QUICK_TRIES = 16;

  /** Runs what the application has hung on a stage; it may block there. */
  private static final Executor VIRTUAL = command -> Thread.ofVirtual().start(command);

  private final ClientSettings settings;
  private final HazelcastInstance hazelcast;
  private final ScheduledThreadPoolExecutor timer;
  private final Courier courier;
  private final LargeData largeData;
  private final ConcurrentMap<UUID, Lane> lanes = new ConcurrentHashMap<>();
  private final Semaphore room = new Semaphore(COMMANDS_UNDER_WAY_MAX);
  private volatile WindowSource windows = WindowSource.NONE;
  private volatile boolean closed;

  /**
   * @throws UnavailableException when no member answers within the connect time-out
   */
  Cluster(ClientSettings settings) {
    this.settings = settings;
    this.hazelcast = Connection.open(settings);
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("holdfast-client-timer").factory());
    timer.setRemoveOnCancelPolicy(true);
    this.courier = new Courier(settings, hazelcast, timer);
    this.largeData = new LargeData(this);
  }

  HazelcastInstance hazelcast() {
    return hazelcast;
  }

  String tenant() {
    return settings.tenant();
  }

  /** What is too large to travel in values. */
  LargeData largeData() {
    return largeData;
  }

  /** For short pieces of work that don't block. */
  ScheduledExecutorService timer() {
    return timer;
  }

  Duration commandTimeout() {
    return settings.commandTimeout();
  }

  /** Where each batch's windows come from. */
  void windows(WindowSource source) {
    windows = source;
  }

  List<UUID> members() {
    return courier.members();
  }

  /** The member that owns the execution, as far as is known here. */
  @Nullable UUID ownerOf(String execution) {
    return courier.ownerOf(execution);
  }

  /**
   * A command of the application: retried, refusals as exceptions, completed on a virtual thread.
   * Blocks while too many are under way.
   */
  CompletableFuture<Reply> command(Request.OfExecution request) {
    room.acquireUninterruptibly();
    CompletableFuture<Reply> reply = send(request, settings.commandTimeout());
    reply.whenComplete((value, failure) -> room.release());
    return reply.thenApplyAsync(Cluster::accepted, VIRTUAL);
  }

  /** A question of the application: retried, and answered with a body of that type. */
  <T> CompletionStage<T> ask(Request request, TypeReference<T> type) {
    return send(request, settings.commandTimeout())
        .thenApplyAsync(reply -> body(accepted(reply), type), VIRTUAL);
  }

  /** A request with its retries; refusals are replies. Completed on a thread not to be blocked. */
  CompletableFuture<Reply> send(Request request, Duration bound) {
    var pending = new Pending(request, System.nanoTime() + bound.toNanos());
    attempt(pending);
    return pending.reply();
  }

  /** Requests to one member, tried once. */
  CompletableFuture<List<Reply>> tell(UUID member, List<Request> requests) {
    return courier.toMember(member, List.of(), requests);
  }

  /** The member should hear of new windows soon. */
  void windowsChanged(UUID member) {
    lane(member).windowsChanged();
  }

  /** Whether that member owns the execution, as far as is known here. */
  boolean isOwner(@Nullable UUID member, String execution) {
    return member != null && member.equals(courier.ownerOf(execution));
  }

  /** A number that is another one once executions have other owners. */
  long ownership() {
    return courier.ownership();
  }

  /** What waits for a member that has left goes to whoever owns it now. */
  void membersAre(List<UUID> members) {
    for (Lane lane : lanes.values()) {
      if (!members.contains(lane.member()) && lanes.remove(lane.member(), lane)) {
        lane.close().forEach(this::attempt);
      }
    }
  }

  private void attempt(Pending pending) {
    if (closed) {
      failed(pending, new IllegalStateException("the client was closed"));
      return;
    }
    switch (pending.request()) {
      case Request.Frequent frequent -> {
        UUID owner = courier.ownerOf(frequent.execution());
        if (owner == null) {
          failed(pending, new IllegalStateException("the cluster has no members"));
        } else {
          while (!lane(owner).add(pending)) {
            // It was closed between the look and the call: there is another one now.
            Thread.onSpinWait();
          }
        }
      }
      case Request.OfExecution one ->
          settleAll(List.of(pending), courier.toOwner(List.of(), List.of(one)));
      case Request any -> settleAll(List.of(pending), courier.toAnyMember(List.of(any)));
    }
  }

  private Lane lane(UUID member) {
    return lanes.computeIfAbsent(member, id -> new Lane(id, this::sendBatch));
  }

  private boolean sendBatch(Lane lane, List<Pending> batch) {
    List<Window> changed = windows.take(lane.member());
    if (batch.isEmpty()) {
      if (changed.isEmpty()) {
        return false;
      }
      courier
          .toMember(lane.member(), changed, List.of())
          .whenComplete((replies, failure) -> landed(lane, failure));
      return true;
    }
    List<Request> requests = batch.stream().map(Pending::request).toList();
    settleAll(batch, courier.toOwner(changed, requests))
        .whenComplete((replies, failure) -> landed(lane, failure));
    return true;
  }

  private void landed(Lane lane, @Nullable Throwable failure) {
    if (failure != null) {
      windows.lost(lane.member());
    }
    lane.landed();
  }

  private CompletableFuture<List<Reply>> settleAll(
      List<Pending> batch, CompletableFuture<List<Reply>> replies) {
    return replies.whenComplete((answered, failure) -> {
      for (int i = 0; i < batch.size(); i++) {
        if (failure == null) {
          answered(batch.get(i), answered.get(i));
        } else {
          failed(batch.get(i), Stages.unwrap(failure));
        }
      }
    });
  }

  private void answered(Pending pending, Reply reply) {
    boolean again =
        reply instanceof Reply.Refused refused
            && refused.isTransient()
            && later(pending, refused.isForWantOfRoom() ? 0 : QUICK_TRIES);
    if (!again) {
      pending.reply().complete(reply);
    }
  }

  private void failed(Pending pending, Throwable cause) {
    if (Courier.isPermanent(cause)) {
      pending.reply().completeExceptionally(cause);
    } else if (!later(pending, QUICK_TRIES)) {
      pending
          .reply()
          .completeExceptionally(
              new UnavailableException(
                  "unreachable", "the cluster did not answer: " + cause.getMessage(), cause));
    }
  }

  /**
   * @param quickTries so many are as close together as the first two
   * @return false: there is no time left for another try
   */
  private boolean later(Pending pending, int quickTries) {
    if (closed || pending.isLate(System.nanoTime())) {
      return false;
    }
    int slower = Math.max(1, pending.tryFailed() - quickTries);
    long wait = Math.min(RETRY_FIRST_MILLIS * slower, RETRY_MILLIS_MAX);
    try {
      timer.schedule(() -> attempt(pending), wait, TimeUnit.MILLISECONDS);
      return true;
    } catch (RejectedExecutionException closing) {
      return false;
    }
  }

  /** Disconnects. What is still waiting for an answer fails. */
  @Override
  public void close() {
    closed = true;
    hazelcast.shutdown();
    for (Runnable waiting : timer.shutdownNow()) {
      // Retries see that the client is closed and fail what they were to try.
      waiting.run();
    }
  }

  private static Reply accepted(Reply reply) {
    if (reply instanceof Reply.Refused refused) {
      throw Replies.exception(refused);
    }
    return reply;
  }

  private static <T> T body(Reply reply, TypeReference<T> type) {
    if (reply instanceof Reply.Body body) {
      return ReplyCodec.convert(body, type);
    }
    throw new IllegalStateException("not an answer to the question: " + reply);
  }
}
