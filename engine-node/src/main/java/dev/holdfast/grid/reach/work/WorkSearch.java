package dev.holdfast.grid.reach.work;

import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.dispatch.AgentDispatcher;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.grid.reach.news.Demand;
import dev.holdfast.grid.reach.news.WorkWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Finds work for this member's polls on all members: each poll asks the members one after the
 * other, beginning with any, so that none is served before the others, and leaves out those that
 * are known to have nothing. Thread-safe.
 */
final class WorkSearch implements WorkWatch {
  /** Members tell of work for so long after the last poll that asked for it. */
  private static final long REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final int DEMANDS_MAX = 10_000;

  private final Neighbours neighbours;
  private final AgentDispatcher here;
  private final Consumer<Assignment> giveBack;
  private final RandomGenerator random;
  private final ConcurrentMap<UUID, Line> lines = new ConcurrentHashMap<>();
  private final ConcurrentMap<Demand, Long> asked = new ConcurrentHashMap<>();

  /** Polls that wait, the longest first. */
  private final Collection<ClusterPoll> waiting = new ConcurrentLinkedQueue<>();

  /** Polls of a time when this member was the whole cluster. */
  private final Set<Runnable> alone = ConcurrentHashMap.newKeySet();

  WorkSearch(
      Neighbours neighbours,
      AgentDispatcher here,
      Consumer<Assignment> giveBack,
      RandomGenerator random) {
    this.neighbours = neighbours;
    this.here = here;
    this.giveBack = giveBack;
    this.random = random;
  }

  /** Up to so many tasks that can be had at once, wherever they wait. Blocks. */
  List<Assignment> round(ClusterPoll poll, boolean hereToo) {
    asked(poll.demand);
    List<UUID> members = candidates(poll.demand);
    if (hereToo) {
      members.add(neighbours.self());
    }
    var tasks = new ArrayList<Assignment>();
    int start = members.isEmpty() ? 0 : random.nextInt(members.size());
    for (int i = 0; i < members.size() && tasks.size() < poll.max && !poll.isOver(); i++) {
      UUID member = members.get((start + i) % members.size());
      int left = poll.max - tasks.size();
      tasks.addAll(
          member.equals(neighbours.self())
              ? here.begin(poll.profile, left, Duration.ZERO).answer().join()
              : line(member).poll(poll.profile, left));
    }
    return tasks;
  }

  /** Whether another member may have something at once. */
  boolean mayHaveWork(Demand demand) {
    return !candidates(demand).isEmpty();
  }

  private List<UUID> candidates(Demand demand) {
    var members = new ArrayList<UUID>();
    for (UUID member : neighbours.others()) {
      if (line(member).mayHaveWork(demand)) {
        members.add(member);
      }
    }
    return members;
  }

  private void asked(Demand demand) {
    if (asked.size() < DEMANDS_MAX || asked.containsKey(demand)) {
      asked.put(demand, System.nanoTime());
    }
  }

  private Line line(UUID member) {
    return lines.computeIfAbsent(member, id -> new Line(id, neighbours, giveBack));
  }

  void waits(ClusterPoll poll) {
    asked(poll.demand);
    waiting.add(poll);
  }

  /** Who was told of work elsewhere has found some here: another poll looks there. */
  void passOn(Demand demand) {
    for (ClusterPoll poll : waiting) {
      if (poll.demand.equals(demand) && poll.wake()) {
        return;
      }
    }
  }

  void waitsNoMore(ClusterPoll poll) {
    waiting.remove(poll);
  }

  void waitsAlone(Runnable stop) {
    alone.add(stop);
  }

  void waitsAloneNoMore(Runnable stop) {
    alone.remove(stop);
  }

  /** Wakes what can go on, and forgets what is over. Called every second. */
  void round() {
    long now = System.nanoTime();
    asked.values().removeIf(at -> now - at > REMEMBERED_NANOS);
    lines.keySet().retainAll(neighbours.others());
    lines.values().forEach(line -> line.keepOnly(asked.keySet()));
    for (ClusterPoll poll : waiting) {
      asked(poll.demand);
      if (mayHaveWork(poll.demand)) {
        poll.wake();
      }
    }
    if (!neighbours.isAlone()) {
      // They can't hear of the others' work; who polled comes back at once.
      alone.forEach(Runnable::run);
    }
  }

  @Override
  public Map<Demand, Integer> demandsOn(UUID member) {
    return line(member).stamps(asked.keySet());
  }

  @Override
  public void checked(
      UUID member, Map<Demand, Integer> stamps, Collection<Demand> work, long sentNanos) {
    Line line = line(member);
    Set<Demand> found = Set.copyOf(work);
    stamps.forEach((demand, stamp) -> {
      if (found.contains(demand)) {
        found(member, demand, 1);
      } else {
        line.empty(demand, stamp, sentNanos);
      }
    });
  }

  @Override
  public boolean found(UUID member, Demand demand, int count) {
    line(member).found(demand);
    int woken = 0;
    for (ClusterPoll poll : waiting) {
      if (woken == count) {
        break;
      }
      if (poll.demand.equals(demand) && poll.wake()) {
        woken++;
      }
    }
    return woken > 0;
  }

  AgentDispatcher here() {
    return here;
  }
}
