package dev.holdfast.grid.reach.work;

import dev.holdfast.grid.AgentProfile;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.grid.reach.Wire;
import dev.holdfast.grid.reach.news.Demand;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this member knows of another one's waiting tasks, and the way to be handed some. That there
 * are none is believed for {@link #EMPTY_NANOS} at most after the other one said so, which is
 * shorter than that one remembers to tell of new ones. Thread-safe.
 */
final class Line {
  static final long EMPTY_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** A member that did not answer is left alone for so long. */
  private static final long DEAF_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** While questions are open for longer than this, others aren't held up by asking as well. */
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Longer than a task's start can take, and than a member that hangs is still a member. */
  private static final long ANSWER_WITHIN_SECONDS = 15;

  private static final Logger LOG = LoggerFactory.getLogger(Line.class);

  /** What is known for one demand; guarded by the line's monitor. */
  private static final class Known {
    long emptyUntilNanos = System.nanoTime();
    int stamp;
  }

  record Question(
      String tenant,
      String worker,
      List<String> capabilities,
      Map<String, String> labels,
      int max) {
    static Question of(AgentProfile profile, int max) {
      return new Question(
          profile.tenant(), profile.worker(), profile.capabilities(), profile.labels(), max);
    }

    AgentProfile profile() {
      return new AgentProfile(tenant, worker, capabilities, labels);
    }
  }

  record Tasks(List<Assignment> tasks) {}

  private final UUID member;
  private final Neighbours neighbours;
  private final Consumer<Assignment> giveBack;
  private final ConcurrentMap<Demand, Known> known = new ConcurrentHashMap<>();
  private final AtomicInteger open = new AtomicInteger();
  private volatile long progressNanos = System.nanoTime();
  private volatile long deafUntilNanos = System.nanoTime();

  /**
   * @param giveBack takes tasks that came when nobody waited for them any more
   */
  Line(UUID member, Neighbours neighbours, Consumer<Assignment> giveBack) {
    this.member = member;
    this.neighbours = neighbours;
    this.giveBack = giveBack;
  }

  /** Whether it is worth asking for such work now. */
  boolean mayHaveWork(Demand demand) {
    long now = System.nanoTime();
    if (now - deafUntilNanos < 0 || open.get() > 0 && now - progressNanos > SLOW_NANOS) {
      return false;
    }
    Known here = known.get(demand);
    return here == null || now - emptyUntil(here) >= 0;
  }

  private synchronized long emptyUntil(Known here) {
    return here.emptyUntilNanos;
  }

  /** The stamp of what is known; changes with each {@link #found}. */
  synchronized int stamp(Demand demand) {
    return known.computeIfAbsent(demand, unused -> new Known()).stamp;
  }

  /** The member has work for it. */
  synchronized void found(Demand demand) {
    Known here = known.computeIfAbsent(demand, unused -> new Known());
    here.stamp++;
    here.emptyUntilNanos = System.nanoTime();
  }

  /** The member had nothing when it was asked, and has not said otherwise since. */
  synchronized void empty(Demand demand, int stamp, long sentNanos) {
    Known here = known.computeIfAbsent(demand, unused -> new Known());
    if (here.stamp == stamp) {
      here.emptyUntilNanos = sentNanos + EMPTY_NANOS;
    }
  }

  /** Forgets demands that nobody has any more. */
  void keepOnly(Collection<Demand> demands) {
    known.keySet().retainAll(demands);
  }

  /** What the member can hand out at once; empty also when it does not answer. Blocks. */
  List<Assignment> poll(AgentProfile profile, int max) {
    Demand demand = Demand.of(profile);
    int stamp = stamp(demand);
    long sentNanos = System.nanoTime();
    if (open.getAndIncrement() == 0) {
      progressNanos = sentNanos;
    }
    CompletableFuture<byte[]> answer =
        neighbours.ask(member, PeerOp.POLL, Wire.write(Question.of(profile, max)));
    try {
      List<Assignment> tasks = tasks(answer.get(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS));
      if (tasks.size() < max) {
        empty(demand, stamp, sentNanos);
      }
      return tasks;
    } catch (ExecutionException e) {
      LOG.debug("member {} does not answer a poll", member, e);
      deafUntilNanos = System.nanoTime() + DEAF_NANOS;
    } catch (TimeoutException e) {
      LOG.warn("member {} does not answer a poll in time", member);
      deafUntilNanos = System.nanoTime() + DEAF_NANOS;
      answer.thenAccept(late -> tasks(late).forEach(giveBack));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer.thenAccept(late -> tasks(late).forEach(giveBack));
    } finally {
      progressNanos = System.nanoTime();
      open.decrementAndGet();
    }
    return List.of();
  }

  private static List<Assignment> tasks(byte[] answer) {
    return Wire.read(answer, Tasks.class).tasks();
  }

  /** Everything that is asked for here, with the stamps. */
  Map<Demand, Integer> stamps(Collection<Demand> demands) {
    var stamps = new HashMap<Demand, Integer>();
    demands.forEach(demand -> stamps.put(demand, stamp(demand)));
    return stamps;
  }
}
