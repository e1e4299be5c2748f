package dev.holdfast.client;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.topic.ITopic;
import dev.holdfast.client.wire.Push;
import dev.holdfast.client.wire.PushCodec;
import dev.holdfast.client.wire.Reply;
import dev.holdfast.client.wire.Request;
import dev.holdfast.client.wire.RequestBatch.Window;
import dev.holdfast.client.wire.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agents of this process: their sessions are opened with every member, and every second each
 * member hears from them (a beat). Members' pushes come in here. Thread-safe.
 */
final class AgentFleet implements WindowSource, AutoCloseable {
  /** The guarantee behind the pushes rests on it: what a beat does not name was lost. */
  static final Duration BEAT = Duration.ofSeconds(1);

  /** How soon a session whose pushes don't arrive yet is opened again. */
  private static final long OPEN_AGAIN_MILLIS = 100;

  /** For so long further roll calls of a member are answered by the same beat. */
  private static final long ROLL_CALL_MILLIS = 10;

  private static final Duration CLOSE_DRAIN = Duration.ofSeconds(30);
  private static final Duration HEARD_WITHIN = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(AgentFleet.class);

  private final Cluster cluster;
  private final Watches watches;
  private final List<AgentRuntime> agents = new CopyOnWriteArrayList<>();
  private final AtomicInteger started = new AtomicInteger();
  private final ITopic<byte[]> topic;

  /** Members that are about to hear what runs here. */
  private final Set<UUID> rollCalls = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  AgentFleet(Cluster cluster, Watches watches) {
    this.cluster = cluster;
    this.watches = watches;
    this.topic =
        cluster
            .hazelcast()
            .getTopic(Wire.pushTopic(cluster.hazelcast().getLocalEndpoint().getUuid()));
  }

  void begin() {
    topic.addMessageListener(message -> pushed(message.getMessageObject()));
    cluster.windows(this);
    cluster
        .hazelcast()
        .getCluster()
        .addMembershipListener(
            new MembershipListener() {
              @Override
              public void memberAdded(MembershipEvent event) {
                soon(AgentFleet.this::membersChanged);
              }

              @Override
              public void memberRemoved(MembershipEvent event) {
                soon(AgentFleet.this::membersChanged);
              }
            });
    cluster
        .hazelcast()
        .getLifecycleService()
        .addLifecycleListener(event -> {
          if (event.getState() == LifecycleEvent.LifecycleState.CLIENT_CONNECTED) {
            soon(this::membersChanged);
            soon(watches::recheck);
          }
        });
    cluster
        .timer()
        .scheduleAtFixedRate(
            this::eachSecond, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  String nextWorkerName() {
    String host = System.getenv().getOrDefault("HOSTNAME", "agent");
    return host + "-" + ProcessHandle.current().pid() + "-" + started.incrementAndGet();
  }

  RunningAgent start(AgentSpec spec) {
    AgentRuntime agent = new AgentRuntime(spec, cluster);
    agents.add(agent);
    soon(this::membersChanged);
    return new RunningAgent(agent, this);
  }

  /** Drains the agent and takes leave of the members. */
  boolean stop(AgentRuntime agent, Duration drain) {
    boolean drained = false;
    tellAll(agent.beginDraining(), Request.DrainSession::new);
    try {
      drained = agent.drain(drain);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (agents.remove(agent)) {
      tellAll(agent.stop(), Request.CloseSession::new);
    }
    return drained;
  }

  /** Tells each member something about its session, and waits a moment for them to have heard. */
  private void tellAll(Map<UUID, Long> sessions, LongFunction<Request> what) {
    var told =
        sessions.entrySet().stream()
            .map(each -> cluster.tell(each.getKey(), List.of(what.apply(each.getValue()))))
            .toArray(CompletableFuture<?>[]::new);
    // A member that can't be reached notices the silence.
    CompletableFuture.allOf(told)
        .exceptionally(unreachable -> null)
        .completeOnTimeout(null, HEARD_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  @Override
  public List<Window> take(UUID member) {
    List<Window> windows = new ArrayList<>(agents.size());
    for (AgentRuntime agent : agents) {
      Window window = agent.takeWindow(member);
      if (window != null) {
        windows.add(window);
      }
    }
    return windows;
  }

  @Override
  public void lost(UUID member) {
    agents.forEach(agent -> agent.windowLost(member));
  }

  private void membersChanged() {
    List<UUID> members = cluster.members();
    cluster.membersAre(members);
    agents.forEach(agent -> agent.membersAre(members));
    beatAll();
    members.forEach(cluster::windowsChanged);
    watches.ownersMayHaveChanged();
  }

  private void eachSecond() {
    if (closed) {
      return;
    }
    beatAll();
    soon(() -> {
      agents.forEach(AgentRuntime::settle);
      watches.ownersMayHaveChanged();
    });
  }

  private void beatAll() {
    try {
      cluster.members().forEach(this::beat);
    } catch (RuntimeException e) {
      // The timer would drop a task that throws, and the agents would fall silent.
      LOG.warn("beats could not be sent", e);
    }
  }

  private void beat(UUID member) {
    List<Request> requests = new ArrayList<>();
    List<AgentRuntime> whose = new ArrayList<>();
    for (AgentRuntime agent : agents) {
      for (Request request : agent.beat(member)) {
        requests.add(request);
        whose.add(agent);
      }
    }
    if (requests.isEmpty()) {
      return;
    }
    cluster
        .tell(member, requests)
        .whenComplete((replies, failure) -> {
          if (failure == null) {
            boolean renewed = false;
            for (int i = 0; i < replies.size(); i++) {
              renewed |= beatAnswered(member, whose.get(i), requests.get(i), replies.get(i));
            }
            if (renewed) {
              soon(() -> beat(member));
            } else if (!agents.stream().allMatch(agent -> agent.isOpen(member))) {
              later(() -> openAgain(member), OPEN_AGAIN_MILLIS);
            }
            cluster.windowsChanged(member);
          }
        });
  }

  private void openAgain(UUID member) {
    if (!agents.stream().allMatch(agent -> agent.isOpen(member))) {
      beat(member);
    }
  }

  /**
   * @return whether the session is unknown there and was replaced by another one, to be opened
   */
  private static boolean beatAnswered(
      UUID member, AgentRuntime agent, Request request, Reply reply) {
    if (request instanceof Request.Beat beat) {
      if (reply instanceof Reply.BeatSeen seen) {
        agent.seen(member, beat.session(), seen);
      } else if (reply instanceof Reply.Refused refused
          && refused.code().equals(Reply.Refused.UNKNOWN_SESSION)) {
        agent.sessionUnknown(beat.session());
        return true;
      }
    }
    return false;
  }

  private void pushed(byte[] bytes) {
    List<Push> pushes;
    try {
      pushes = PushCodec.decode(bytes);
    } catch (IllegalArgumentException e) {
      LOG.error("a push of {} bytes can't be read and is left out", bytes.length, e);
      return;
    }
    for (Push push : pushes) {
      switch (push) {
        case Push.Opened opened -> opened(opened.session());
        case Push.Assigned assigned -> agents.forEach(agent -> agent.assigned(assigned));
        case Push.Revoked revoked -> agents.forEach(agent -> agent.revoked(revoked.tokens()));
        case Push.Wanted wanted -> agents.forEach(agent -> agent.wanted(wanted));
        case Push.RollCall rollCall -> rollCall(rollCall.member());
        case Push.Ended ended -> watches.ended(ended.result());
      }
    }
  }

  private void opened(long session) {
    agents.forEach(agent -> agent.opened(session));
  }

  /** Each session of the member asks; one beat answers for all. */
  private void rollCall(UUID member) {
    if (rollCalls.add(member)) {
      later(
          () -> {
            rollCalls.remove(member);
            beat(member);
          },
          ROLL_CALL_MILLIS);
    }
  }

  private void soon(Runnable work) {
    later(work, 0);
  }

  private void later(Runnable work, long millis) {
    try {
      cluster
          .timer()
          .schedule(
              () -> {
                try {
                  work.run();
                } catch (RuntimeException e) {
                  LOG.warn("the connection's upkeep failed, the next beat tries again", e);
                }
              },
              millis,
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closing) {
      LOG.debug("nothing is done any more, the client is closed");
    }
  }

  @Override
  public void close() {
    List<Thread> closing =
        agents.stream()
            .map(agent -> Thread.ofVirtual().start(() -> stop(agent, CLOSE_DRAIN)))
            .toList();
    try {
      for (Thread thread : closing) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closed = true;
    try {
      // Nobody else uses it, and members would keep it for ever.
      topic.destroy();
    } catch (RuntimeException e) {
      LOG.debug("the push topic stays behind, the cluster is away", e);
    }
  }
}
