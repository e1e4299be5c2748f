package dev.holdfast.client;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import dev.holdfast.client.wire.BatchCodec;
import dev.holdfast.client.wire.CommandBatch;
import dev.holdfast.client.wire.Reply;
import dev.holdfast.client.wire.ReplyCodec;
import dev.holdfast.client.wire.Request;
import dev.holdfast.client.wire.RequestBatch;
import dev.holdfast.client.wire.RequestBatch.Window;
import dev.holdfast.client.wire.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Carries one batch to one member and its replies back, once. Thread-safe; never blocks. */
final class Courier {
  /** Longer than a member waits for its store: an answer that takes longer won't come. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

  private final ClientSettings settings;
  private final HazelcastInstance hazelcast;
  private final IExecutorService executor;
  private final UUID self;
  private final ScheduledExecutorService timer;

  Courier(ClientSettings settings, HazelcastInstance hazelcast, ScheduledExecutorService timer) {
    this.settings = settings;
    this.hazelcast = hazelcast;
    this.executor = hazelcast.getExecutorService(Wire.EXECUTOR);
    this.self = hazelcast.getLocalEndpoint().getUuid();
    this.timer = timer;
  }

  /** Whether trying again can't help: the request itself or this software is at fault. */
  static boolean isPermanent(Throwable failure) {
    return failure instanceof IllegalArgumentException
        || failure instanceof HazelcastSerializationException
        || failure instanceof Error;
  }

  /** The member that owns the request's execution, as far as is known here. */
  @Nullable UUID ownerOf(String execution) {
    Member owner = hazelcast.getPartitionService().getPartition(keyOf(execution)).getOwner();
    return owner == null ? null : owner.getUuid();
  }

  List<UUID> members() {
    return hazelcast.getCluster().getMembers().stream().map(Member::getUuid).toList();
  }

  /** The first request's execution says which member it goes to. */
  CompletableFuture<List<Reply>> toOwner(List<Window> windows, List<Request> requests) {
    String key =
        requests.getFirst() instanceof Request.OfExecution first ? keyOf(first.execution()) : null;
    return carry(Objects.requireNonNull(key), null, windows, requests);
  }

  CompletableFuture<List<Reply>> toMember(
      UUID member, List<Window> windows, List<Request> requests) {
    return carry(null, member, windows, requests);
  }

  CompletableFuture<List<Reply>> toAnyMember(List<Request> requests) {
    List<UUID> members = members();
    if (members.isEmpty()) {
      return CompletableFuture.failedFuture(new IllegalStateException("no member is connected"));
    }
    UUID member = members.get(ThreadLocalRandom.current().nextInt(members.size()));
    return carry(null, member, List.of(), requests);
  }

  private String keyOf(String execution) {
    // The member checks the id; the text is that of ExecutionKey.
    return settings.tenant() + '/' + execution;
  }

  private CompletableFuture<List<Reply>> carry(
      @Nullable String key, @Nullable UUID member, List<Window> windows, List<Request> requests) {
    var replies = new CompletableFuture<List<Reply>>();
    var callback = new Answer(replies, requests.size());
    try {
      byte[] bytes =
          BatchCodec.encode(
              new RequestBatch(self, settings.tenant(), settings.actor(), windows, requests));
      CommandBatch batch = new CommandBatch(key, bytes);
      var late =
          timer.schedule(
              () ->
                  replies.completeExceptionally(
                      new TimeoutException("no answer within " + ANSWER_MAX)),
              ANSWER_MAX.toMillis(),
              TimeUnit.MILLISECONDS);
      replies.whenComplete((value, failure) -> late.cancel(false));
      if (key != null) {
        executor.submitToKeyOwner(batch, key, callback);
      } else {
        executor.submitToMember(batch, member(Objects.requireNonNull(member)), callback);
      }
    } catch (RuntimeException e) {
      callback.onFailure(e);
    }
    return replies;
  }

  private Member member(UUID id) {
    return hazelcast.getCluster().getMembers().stream()
        .filter(member -> member.getUuid().equals(id))
        .findAny()
        .orElseThrow(() -> new IllegalStateException("member " + id + " has left"));
  }

  /** Called by Hazelcast, on the common pool. */
  private record Answer(CompletableFuture<List<Reply>> replies, int expected)
      implements ExecutionCallback<byte[]> {
    @Override
    public void onResponse(byte[] response) {
      try {
        List<Reply> decoded = ReplyCodec.decode(response);
        if (decoded.size() != expected) {
          throw new IllegalArgumentException(
              decoded.size() + " replies to " + expected + " requests");
        }
        replies.complete(decoded);
      } catch (RuntimeException e) {
        onFailure(e);
      }
    }

    @Override
    public void onFailure(Throwable failure) {
      replies.completeExceptionally(failure);
    }
  }
}
