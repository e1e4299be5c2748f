package dev.holdfast.grid.peer;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.IExecutorService;
import com.hazelcast.core.MemberLeftException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/**
 * Questions between members, over Hazelcast's executor. Who wants to answer a kind of question
 * registers with {@link #serve}; until then, and after the member began to leave, it is refused
 * with a {@link NotServingException}, which is worth another try. Thread-safe.
 */
public final class Peers {
  private static final String CONTEXT = "holdfast.peers";
  private static final int QUEUE_MAX = 100_000;

  private final Map<PeerOp, PeerHandler> handlers = new ConcurrentHashMap<>();
  private final HazelcastInstance hazelcast;
  private final Map<PeerOp.Lane, IExecutorService> lanes = new EnumMap<>(PeerOp.Lane.class);

  private Peers(HazelcastInstance hazelcast) {
    this.hazelcast = hazelcast;
    for (PeerOp.Lane lane : PeerOp.Lane.values()) {
      lanes.put(lane, hazelcast.getExecutorService(lane.executor()));
    }
  }

  /** Adds what it needs to a member's configuration. */
  public static void configure(Config config) {
    for (PeerOp.Lane lane : PeerOp.Lane.values()) {
      config
          .getExecutorConfig(lane.executor())
          .setPoolSize(lane.threads())
          .setQueueCapacity(QUEUE_MAX)
          .setStatisticsEnabled(false);
    }
    config
        .getSerializationConfig()
        .addDataSerializableFactory(PeerCall.FACTORY_ID, PeerCall::create);
  }

  /** Opens the member for questions; each kind is refused until it is served. */
  public static Peers open(HazelcastInstance hazelcast) {
    var peers = new Peers(hazelcast);
    hazelcast.getUserContext().put(CONTEXT, peers);
    return peers;
  }

  /**
   * What {@link #open} has opened.
   *
   * @throws NotServingException when it has not yet
   */
  public static Peers on(HazelcastInstance hazelcast) {
    if (hazelcast.getUserContext().get(CONTEXT) instanceof Peers peers) {
      return peers;
    }
    throw new NotServingException("the member is starting");
  }

  /** From now on this member answers such questions. */
  public void serve(PeerOp op, PeerHandler handler) {
    handlers.put(op, handler);
  }

  byte[] handle(PeerOp op, UUID from, byte[] body) {
    PeerHandler handler = handlers.get(op);
    if (handler == null) {
      throw new NotServingException("the member does not answer " + op + " at the moment");
    }
    return handler.handle(from, body);
  }

  /** This member's id; another one after it was merged into another part of the cluster. */
  public UUID self() {
    return hazelcast.getCluster().getLocalMember().getUuid();
  }

  /** The other members, as this one sees the cluster now. */
  public List<UUID> others() {
    if (!hazelcast.getLifecycleService().isRunning()) {
      return List.of();
    }
    return hazelcast.getCluster().getMembers().stream()
        .filter(member -> !member.localMember())
        .map(Member::getUuid)
        .toList();
  }

  /**
   * Asks one member. The future completes on a thread that must not be blocked; exceptionally with
   * {@link NotServingException}, {@link MemberLeftException} or what the handler threw.
   */
  public CompletableFuture<byte[]> ask(UUID member, PeerOp op, byte[] body) {
    for (Member one : hazelcast.getCluster().getMembers()) {
      if (one.getUuid().equals(member)) {
        var answer = new Answer();
        try {
          lane(op).submitToMember(new PeerCall(op, null, self(), body), one, answer);
        } catch (RejectedExecutionException | HazelcastInstanceNotActiveException e) {
          answer.onFailure(e);
        }
        return answer.future;
      }
    }
    return CompletableFuture.failedFuture(
        new MemberLeftException("member " + member + " has left the cluster"));
  }

  /** Asks whoever owns the key when the question arrives. */
  public CompletableFuture<byte[]> askOwner(String key, PeerOp op, byte[] body) {
    var answer = new Answer();
    try {
      lane(op).submit(new PeerCall(op, key, self(), body), answer);
    } catch (RejectedExecutionException | HazelcastInstanceNotActiveException e) {
      answer.onFailure(e);
    }
    return answer.future;
  }

  private IExecutorService lane(PeerOp op) {
    return Objects.requireNonNull(lanes.get(op.lane()), "every lane has its executor");
  }

  private static final class Answer implements ExecutionCallback<byte[]> {
    final CompletableFuture<byte[]> future = new CompletableFuture<>();

    @Override
    public void onResponse(byte[] response) {
      future.complete(response);
    }

    @Override
    public void onFailure(Throwable cause) {
      future.completeExceptionally(cause);
    }
  }
}
