package dev.holdfast.client;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.partition.Partition;
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
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Carries one batch to one member and its replies back, once. Thread-safe; never blocks. */
final class Courier {
  /** Longer than a member waits for its store: an answer that takes longer won't come. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

  private final ClientSettings settings;
  private final HazelcastInstance hazelcast;
  private final IExecutorService commands;
  private final IExecutorService sessions;
  private final UUID self;
  private final ScheduledExecutorService timer;

  Courier(ClientSettings settings, HazelcastInstance hazelcast, ScheduledExecutorService timer) {
    this.settings = settings;
    this.hazelcast = hazelcast;
    this.commands = hazelcast.getExecutorService(Wire.EXECUTOR);
    this.sessions = hazelcast.getExecutorService(Wire.SESSIONS_EXECUTOR);
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

  /** A number that is another one, most surely, once a partition has another owner. */
  long ownership() {
    long sum = 0;
    for (Partition partition : hazelcast.getPartitionService().getPartitions()) {
      Member owner = partition.getOwner();
      long one = owner == null ? 0 : owner.getUuid().getLeastSignificantBits();
      sum += one * (2L * partition.getPartitionId() + 1);
    }
    return sum;
  }

  List<UUID> members() {
    return hazelcast.getCluster().getMembers().stream().map(Member::getUuid).toList();
  }

  /** The first request's execution says which member it goes to. */
  CompletableFuture<List<Reply>> toOwner(List<Window> windows, List<Request> requests) {
    if (!(requests.getFirst() instanceof Request.OfExecution first)) {
      throw new IllegalArgumentException("not about an execution: " + requests.getFirst());
    }
    String key = keyOf(first.execution());
    return carry(
        windows,
        requests,
        (bytes, answer) -> commands.submitToKeyOwner(new CommandBatch(key, bytes), key, answer));
  }

  /** For what is about agents' sessions: it overtakes commands that wait. */
  CompletableFuture<List<Reply>> toMember(
      UUID member, List<Window> windows, List<Request> requests) {
    return carry(
        windows,
        requests,
        (bytes, answer) ->
            sessions.submitToMember(new CommandBatch(null, bytes), member(member), answer));
  }

  CompletableFuture<List<Reply>> toAnyMember(List<Request> requests) {
    List<UUID> members = members();
    if (members.isEmpty()) {
      return CompletableFuture.failedFuture(new IllegalStateException("no member is connected"));
    }
    UUID member = members.get(ThreadLocalRandom.current().nextInt(members.size()));
    return carry(
        List.of(),
        requests,
        (bytes, answer) ->
            commands.submitToMember(new CommandBatch(null, bytes), member(member), answer));
  }

  private String keyOf(String execution) {
    // The member checks the id; the text is that of ExecutionKey.
    return settings.tenant() + '/' + execution;
  }

  private CompletableFuture<List<Reply>> carry(
      List<Window> windows, List<Request> requests, BiConsumer<byte[], Answer> submission) {
    var replies = new CompletableFuture<List<Reply>>();
    var callback = new Answer(replies, requests.size());
    try {
      byte[] bytes =
          BatchCodec.encode(
              new RequestBatch(self, settings.tenant(), settings.actor(), windows, requests));
      var late =
          timer.schedule(
              () ->
                  replies.completeExceptionally(
                      new TimeoutException("no answer within " + ANSWER_MAX)),
              ANSWER_MAX.toMillis(),
              TimeUnit.MILLISECONDS);
      replies.whenComplete((value, failure) -> late.cancel(false));
      submission.accept(bytes, callback);
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
