package dev.holdfast.grid;

import dev.holdfast.api.FiringOutcome;
import dev.holdfast.core.Command;
import dev.holdfast.core.Event;
import dev.holdfast.core.Rejection;
import dev.holdfast.core.ScheduleEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts of what this member did since its start, for metrics. Thread-safe and cheap to write. */
public final class EngineStats {
  private final LongAdder transitions = new LongAdder();
  private final LongAdder events = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder fences = new LongAdder();
  private final LongAdder grownLarge = new LongAdder();
  private final Map<FiringOutcome, Long> scheduled = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> accepted = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> rejected = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> ended = new ConcurrentHashMap<>();

  void transition(List<Event> decided) {
    transitions.increment();
    events.add(decided.size());
    for (Event event : decided) {
      if (event instanceof Event.TaskRetryScheduled) {
        retries.increment();
      } else if (event instanceof Event.StateGrewLarge) {
        grownLarge.increment();
      } else if (event instanceof Event.OfSchedule ofSchedule) {
        scheduled(ofSchedule);
      }
    }
  }

  private void scheduled(Event.OfSchedule event) {
    if (event instanceof ScheduleEvent.FiringEnded ended) {
      scheduled.merge(ended.outcome(), 1L, Long::sum);
    } else if (event instanceof ScheduleEvent.TimesCame came) {
      came.passedOver()
          .forEach(times -> scheduled.merge(times.why(), (long) times.count(), Long::sum));
    }
  }

  void accepted(Command command) {
    count(accepted, command.getClass().getSimpleName());
  }

  void rejected(Rejection rejection) {
    count(rejected, rejection.code().text());
  }

  void failed() {
    failures.increment();
  }

  void fenced(int executions) {
    fences.add(executions);
  }

  void ended(String status) {
    count(ended, status);
  }

  private static void count(Map<String, LongAdder> counts, String name) {
    counts.computeIfAbsent(name, unused -> new LongAdder()).increment();
  }

  /** State changes applied. */
  public long transitions() {
    return transitions.sum();
  }

  /** Events decided. */
  public long events() {
    return events.sum();
  }

  /** Failed attempts that another one follows. */
  public long retries() {
    return retries.sum();
  }

  /** Commands that ended by an exception, ours or the grid's. */
  public long failures() {
    return failures.sum();
  }

  /** Entries that the store refused since another member had written there. */
  public long fences() {
    return fences.sum();
  }

  /** Executions whose state came near the size that it may have. */
  public long grownLarge() {
    return grownLarge.sum();
  }

  /** Times of schedules of which that became. */
  public long scheduledTimes(FiringOutcome outcome) {
    return scheduled.getOrDefault(outcome, 0L);
  }

  /** Accepted commands by their class's simple name. */
  public Map<String, LongAdder> accepted() {
    return Map.copyOf(accepted);
  }

  /** Refused commands by rejection code. */
  public Map<String, LongAdder> rejected() {
    return Map.copyOf(rejected);
  }

  /** Ended executions by status. */
  public Map<String, LongAdder> ended() {
    return Map.copyOf(ended);
  }
}
