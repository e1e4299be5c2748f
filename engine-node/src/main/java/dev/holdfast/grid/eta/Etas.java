package dev.holdfast.grid.eta;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.ExecutionView;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.Event;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.TaskState;
import dev.holdfast.grid.eta.DecayingTimes.Learned;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.grid.reach.Wire;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
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
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns how long tasks take from those that complete on this member, and tells of executions when
 * they will have ended, by what all members have learned. Derived: a member that starts learns
 * anew. Thread-safe.
 */
public final class Etas {
  private static final Logger LOG = LoggerFactory.getLogger(Etas.class);

  /** Tasks whose durations are kept; about 4 KiB each when they are often seen. */
  static final int TASKS_MAX = 5000;

  /** Beyond that, those make room that were not seen for so long. */
  private static final long IDLE_NANOS = TimeUnit.HOURS.toNanos(1);

  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int FRESH_MAX = 1000;
  private static final long ASK_MILLIS = 500;

  private record Definition(String tenant, String name) {}

  private record AllLearned(Map<String, Learned> learned) {}

  private record Fresh(TaskTimes times, long atNanos) {}

  private final Neighbours neighbours;
  private final InstantSource clock;
  private final LongSupplier nanoClock;
  private final ConcurrentMap<Definition, ConcurrentMap<String, DecayingTimes>> learned =
      new ConcurrentHashMap<>();
  private final AtomicInteger tasks = new AtomicInteger();
  private final ConcurrentMap<Definition, Fresh> merged = new ConcurrentHashMap<>();

  /**
   * Answers other members' questions from here on.
   *
   * @param nanoClock as {@code System.nanoTime}
   */
  public Etas(Neighbours neighbours, InstantSource clock, LongSupplier nanoClock) {
    this.neighbours = neighbours;
    this.clock = clock;
    this.nanoClock = nanoClock;
    neighbours.serve(
        PeerOp.TASK_TIMES, (from, body) -> Wire.write(here(Wire.read(body, Definition.class))));
  }

  /** These events, which led to this state, are durable. */
  public void learn(ExecutionState after, List<Event> events) {
    for (Event event : events) {
      if (event instanceof Event.TaskCompleted completed) {
        completed(after, completed);
      } else if (event instanceof Event.TaskGathered gathered) {
        gathered(after, after.plan().task(gathered.task()));
      } else if (event instanceof Event.TaskSkipped skipped) {
        DecayingTimes times = times(after, after.plan().task(skipped.task()));
        if (times != null) {
          times.skipped(nanoClock.getAsLong());
        }
      }
    }
  }

  private void completed(ExecutionState after, Event.TaskCompleted event) {
    PlannedTask planned = after.plan().task(event.task());
    List<Attempt> attempts = after.tasks().get(planned.index()).attempts();
    Attempt last = attempts.isEmpty() ? null : attempts.getLast();
    if (last != null && last.number() == event.attempt() && last.endedAt() != null) {
      took(after, planned, Duration.between(last.startedAt(), last.endedAt()));
    }
  }

  /** A list took from its first item's hand-over to its last item's end. */
  private void gathered(ExecutionState after, PlannedTask list) {
    Instant first = after.updatedAt();
    for (PlannedTask item : after.plan().tasks()) {
      TaskState task = after.tasks().get(item.index());
      if (item.origin() instanceof PlannedTask.Item(int of, _)
          && of == list.index()
          && !task.attempts().isEmpty()
          && task.attempts().getFirst().startedAt().isBefore(first)) {
        first = task.attempts().getFirst().startedAt();
      }
    }
    took(after, list, Duration.between(first, after.updatedAt()));
  }

  private void took(ExecutionState after, PlannedTask planned, Duration duration) {
    DecayingTimes times = times(after, planned);
    if (times != null) {
      times.took(Math.max(0, duration.toMillis()), nanoClock.getAsLong());
    }
  }

  /** Where the task's durations are kept; null: too many others are. */
  private @Nullable DecayingTimes times(ExecutionState after, PlannedTask planned) {
    var definition = new Definition(after.key().tenant(), after.plan().name());
    String name = TaskNames.of(after, planned);
    var ofDefinition = learned.computeIfAbsent(definition, unused -> new ConcurrentHashMap<>());
    DecayingTimes known = ofDefinition.get(name);
    if (known != null) {
      return known;
    }
    if (tasks.get() >= TASKS_MAX && !makeRoom()) {
      return null;
    }
    return ofDefinition.computeIfAbsent(
        name,
        unused -> {
          tasks.incrementAndGet();
          return new DecayingTimes();
        });
  }

  private boolean makeRoom() {
    long now = nanoClock.getAsLong();
    learned
        .values()
        .forEach(ofDefinition ->
            ofDefinition
                .values()
                .removeIf(times -> {
                  boolean idle = now - times.usedNanos() > IDLE_NANOS;
                  if (idle) {
                    tasks.decrementAndGet();
                  }
                  return idle;
                }));
    learned.values().removeIf(Map::isEmpty);
    return tasks.get() < TASKS_MAX;
  }

  /**
   * When the execution will have ended; null where that would be a guess. Asks the other members,
   * so it blocks; for virtual threads.
   */
  public ExecutionView.@Nullable Eta of(ExecutionState state) {
    if (state.status().isEnded() || state.status() == ExecutionStatus.CANCELLING) {
      return null;
    }
    Instant now = clock.instant();
    TaskTimes times = known(new Definition(state.key().tenant(), state.plan().name()));
    return CriticalPath.of(state, times, now)
        .map(estimate -> shown(estimate, state.status(), now))
        .orElse(null);
  }

  private static ExecutionView.Eta shown(Estimate estimate, ExecutionStatus status, Instant now) {
    long median = Math.round(estimate.p50Millis());
    boolean runs = status == ExecutionStatus.RUNNING;
    return new ExecutionView.Eta(
        median,
        runs ? now.plusMillis(median) : null,
        median,
        Math.round(estimate.p90Millis()),
        estimate.samples() + (estimate.samples() == 1 ? " sample" : " samples"));
  }

  private TaskTimes known(Definition definition) {
    long now = nanoClock.getAsLong();
    Fresh fresh = merged.get(definition);
    if (fresh != null && now - fresh.atNanos() < FRESH_NANOS) {
      return fresh.times();
    }
    if (merged.size() >= FRESH_MAX) {
      merged.clear();
    }
    TaskTimes times = merge(definition);
    merged.put(definition, new Fresh(times, now));
    return times;
  }

  private TaskTimes merge(Definition definition) {
    var all = new MergedTimes();
    all.add(here(definition).learned());
    byte[] question = Wire.write(definition);
    var answers = new ArrayList<CompletableFuture<byte[]>>();
    for (UUID member : neighbours.others()) {
      answers.add(neighbours.ask(member, PeerOp.TASK_TIMES, question));
    }
    for (CompletableFuture<byte[]> answer : answers) {
      try {
        all.add(
            Wire.read(answer.get(ASK_MILLIS, TimeUnit.MILLISECONDS), AllLearned.class).learned());
      } catch (ExecutionException | TimeoutException e) {
        // By fewer samples, but not wrong.
        LOG.debug("a member does not say how long tasks of {} take", definition, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return all.filled();
  }

  private AllLearned here(Definition definition) {
    var here = new HashMap<String, Learned>();
    learned
        .getOrDefault(definition, new ConcurrentHashMap<>())
        .forEach((name, times) -> here.put(name, times.learned()));
    return new AllLearned(here);
  }
}
