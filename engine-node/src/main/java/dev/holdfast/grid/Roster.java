package dev.holdfast.grid;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.grid.quorum.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is in the cluster, and what each member says of itself. Thread-safe. */
final class Roster {
  private static final Logger LOG = LoggerFactory.getLogger(Roster.class);

  /** A member that hangs must not hold up who asks for the others. */
  private static final Duration ANSWER_WITHIN = Duration.ofMillis(300);

  private final HazelcastInstance hazelcast;
  private final Peers peers;
  private final Supplier<MemberFigures> own;
  private final Map<UUID, MemberFigures> lastKnown = new ConcurrentHashMap<>();

  Roster(HazelcastInstance hazelcast, Peers peers, Supplier<MemberFigures> own) {
    this.hazelcast = hazelcast;
    this.peers = peers;
    this.own = own;
    peers.serve(PeerOp.MEMBER_FIGURES, (from, body) -> own.get().encode());
  }

  /** The cluster as it is now. Asks the other members, so it may take {@link #ANSWER_WITHIN}. */
  ClusterView view(GridSettings settings, Standing standing) {
    Set<Member> members = members();
    var asked = new HashMap<UUID, CompletableFuture<byte[]>>();
    for (Member member : members) {
      if (!member.localMember()) {
        asked.put(
            member.getUuid(),
            peers
                .ask(member.getUuid(), PeerOp.MEMBER_FIGURES, new byte[0])
                .orTimeout(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS));
      }
    }
    lastKnown.keySet().retainAll(members.stream().map(Member::getUuid).collect(Collectors.toSet()));
    List<ClusterView.Member> views = new ArrayList<>(members.size());
    for (Member member : members) {
      MemberFigures fresh =
          member.localMember() ? own.get() : fresh(member.getUuid(), asked.get(member.getUuid()));
      views.add(view(member, fresh));
    }
    return new ClusterView(
        settings.clusterName(),
        settings.clusterSize(),
        standing.needed(),
        standing.state(),
        standing.detail(),
        standing.epoch(),
        Math.max(0, settings.clusterSize() - members.size()),
        views);
  }

  private Set<Member> members() {
    try {
      return hazelcast.getCluster().getMembers();
    } catch (HazelcastInstanceNotActiveException e) {
      // It has left, and belongs to nothing.
      return Set.of();
    }
  }

  private @Nullable MemberFigures fresh(UUID member, @Nullable CompletableFuture<byte[]> answer) {
    if (answer == null) {
      return null;
    }
    try {
      MemberFigures figures = MemberFigures.decode(answer.join());
      lastKnown.put(member, figures);
      return figures;
    } catch (RuntimeException e) {
      LOG.debug("{} does not say how it is", member, e);
      return null;
    }
  }

  private ClusterView.Member view(Member member, @Nullable MemberFigures fresh) {
    String http = member.getAttribute(MemberConfig.HTTP_PORT_ATTRIBUTE);
    String version = member.getAttribute(MemberConfig.VERSION_ATTRIBUTE);
    var address = member.getSocketAddress();
    MemberFigures figures =
        fresh == null ? lastKnown.getOrDefault(member.getUuid(), MemberFigures.UNKNOWN) : fresh;
    return new ClusterView.Member(
        member.getUuid().toString(),
        address.getHostString() + ':' + address.getPort(),
        http == null ? 0 : Integer.parseInt(http),
        figures.owned(),
        member.localMember(),
        version == null ? "" : version,
        fresh != null,
        figures.readyTasks(),
        figures.readyOldestSeconds(),
        figures.journalBacklog(),
        figures.damaged(),
        figures.unsettled(),
        figures.fenced(),
        figures.migrationsRemaining());
  }
}
