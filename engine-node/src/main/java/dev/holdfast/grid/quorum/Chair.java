package dev.holdfast.grid.quorum;

import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.grid.quorum.Progress.Step;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The master's part: gets an epoch promised for each new member list, tells the members of it, and
 * leads them through the opening. Everything is asked without waiting; answers are worked off in
 * {@link #round}, which one thread at a time calls.
 */
final class Chair {
  private static final Logger LOG = LoggerFactory.getLogger(Chair.class);

  /** A question that is not answered by then is asked again. */
  private static final long ANSWER_WITHIN_MILLIS = 1000;

  /** So long a member is left alone after it said "not yet". */
  private static final long ASK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Peers peers;
  private final Seat seat;
  private final InstantSource clock;
  private final boolean shared;
  private final Runnable wake;

  /** What members answered, to be worked off in the next round. */
  private final Queue<Runnable> answers = new ConcurrentLinkedQueue<>();

  private final Map<UUID, Asked> asked = new HashMap<>();
  private final Set<UUID> through = new HashSet<>();
  private @Nullable MemberList list;
  private @Nullable Election election;
  private @Nullable Adoption adoption;
  private long highest;
  private boolean forced;
  private volatile boolean forceWanted;

  /**
   * @param shared whether all members have one store
   * @param wake makes the calling thread do a round soon
   */
  Chair(Peers peers, Seat seat, InstantSource clock, boolean shared, Runnable wake) {
    this.peers = peers;
    this.seat = seat;
    this.clock = clock;
    this.shared = shared;
    this.wake = wake;
  }

  /** The cluster is to be opened with the members that are there now. */
  void force() {
    forceWanted = true;
    wake.run();
  }

  /** Whether nothing is left to do as long as no member comes or goes. */
  boolean isSettled() {
    MemberList now = list;
    Adoption agreed = adoption;
    return now != null
        && (!now.isLedHere() || (agreed != null && through.containsAll(now.members())));
  }

  /** Does what can be done now. */
  void round(MemberList now) {
    if (!now.equals(list) || forceWanted || isOutdated()) {
      begin(now);
    }
    if (!now.isLedHere()) {
      return;
    }
    for (Runnable answer = answers.poll(); answer != null; answer = answers.poll()) {
      answer.run();
    }
    // Each step of this member itself is answered at once, and may be all that was missing.
    while (step(now)) {
      LOG.debug("list {}: {}", now.version(), adoption);
    }
  }

  /** The cluster counts as open, but its memory turned out to be incomplete. */
  private boolean isOutdated() {
    Adoption agreed = adoption;
    return agreed != null && agreed.phase() == Phase.OPEN && seat.isLost();
  }

  private void begin(MemberList now) {
    forced = forceWanted;
    forceWanted = false;
    list = now;
    election = null;
    adoption = null;
    answers.clear();
    forgetAnswers();
  }

  private void forgetAnswers() {
    asked.clear();
    through.clear();
  }

  /**
   * @return whether there may be more to do at once
   */
  private boolean step(MemberList now) {
    Adoption agreed = adoption;
    if (agreed == null) {
      return elect(now);
    }
    for (UUID member : now.members()) {
      if (!through.contains(member)) {
        tell(now, member, agreed);
      }
    }
    if (adoption == agreed
        && agreed.phase() == Phase.INSTALLING
        && through.containsAll(now.members())) {
      adoption = new Adoption(agreed.epoch(), agreed.listVersion(), agreed.seats(), Phase.OPEN);
      forgetAnswers();
      return true;
    }
    return adoption != agreed;
  }

  private boolean elect(MemberList now) {
    Election votes = election;
    if (votes == null) {
      highest = Math.max(highest, seat.highest());
      long epoch = Math.max(highest + 1, clock.millis());
      votes = new Election(new Proposal(epoch, now.version()), now.size(), shared, forced);
      election = votes;
    }
    for (UUID member : now.members()) {
      if (!votes.hasVoteOf(member)) {
        ask(now, member, votes);
      }
    }
    adoption = votes.result().orElse(null);
    if (adoption != null) {
      forgetAnswers();
      return true;
    }
    if (votes.isOutbid()) {
      highest = votes.highest();
      election = null;
      forgetAnswers();
      return true;
    }
    return false;
  }

  private void ask(MemberList now, UUID member, Election votes) {
    if (member.equals(now.self())) {
      votes.add(member, seat.vote(member, votes.proposal()));
      return;
    }
    send(
        member,
        PeerOp.EPOCH_PROPOSE,
        votes.proposal().encode(),
        bytes -> {
          if (election == votes) {
            votes.add(member, Vote.decode(bytes));
          }
        });
  }

  private void tell(MemberList now, UUID member, Adoption agreed) {
    if (member.equals(now.self())) {
      heard(member, agreed, seat.adopt(member, agreed));
      return;
    }
    send(
        member,
        PeerOp.EPOCH_ADOPT,
        agreed.encode(),
        bytes -> heard(member, agreed, Progress.decode(bytes)));
  }

  private void heard(UUID member, Adoption agreed, Progress progress) {
    if (adoption != agreed) {
      return;
    }
    if (progress.step() == Step.DONE) {
      through.add(member);
    } else if (progress.highest() > agreed.epoch()) {
      // It once promised more to a master that is gone: an epoch above that suits everybody.
      highest = progress.highest();
      election = null;
      adoption = null;
      forgetAnswers();
    }
  }

  private void send(UUID member, PeerOp op, byte[] body, Consumer<byte[]> then) {
    Asked before = asked.get(member);
    if (before != null && !before.isOver()) {
      return;
    }
    CompletableFuture<byte[]> answer =
        peers.ask(member, op, body).orTimeout(ANSWER_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
    asked.put(member, new Asked(answer, System.nanoTime()));
    answer.whenComplete((bytes, error) -> {
      if (error == null) {
        answers.add(() -> then.accept(bytes));
        wake.run();
      } else {
        LOG.debug("{} did not answer {}", member, op, error);
      }
    });
  }

  private record Asked(CompletableFuture<byte[]> answer, long atNanos) {
    boolean isOver() {
      return answer.isDone() && System.nanoTime() - atNanos >= ASK_AGAIN_NANOS;
    }
  }
}
