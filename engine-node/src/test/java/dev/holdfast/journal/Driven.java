package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.Command;
import dev.holdfast.core.Event;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Plan;
import dev.holdfast.core.RandomSpawns;
import dev.holdfast.core.Step;
import dev.holdfast.core.TaskState;
import dev.holdfast.journal.codec.EntryEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One execution that a test drives by commands, keeping what the store should know of it. */
public final class Driven {
  private final Plan plan;
  private final ExecutionKey key;
  private final List<Event> events = new ArrayList<>();
  private final List<JournalEntry> entries = new ArrayList<>();
  private long epoch = 1;
  private @Nullable ExecutionState state;
  private byte[] hash = EntryEncoder.genesis();

  public Driven(Plan plan, ExecutionKey key) {
    this.plan = plan;
    this.key = key;
  }

  /** Decides under another epoch than 1. */
  public Driven(Plan plan, ExecutionKey key, long epoch) {
    this(plan, key);
    this.epoch = epoch;
  }

  /** Decides under this epoch from here on. */
  public void epoch(long next) {
    epoch = next;
  }

  /** The same, which can go on differently. */
  public Driven fork() {
    var fork = new Driven(plan, key, epoch);
    fork.state = state;
    fork.hash = hash;
    fork.events.addAll(events);
    fork.entries.addAll(entries);
    return fork;
  }

  /** Its entries since it was made. */
  public List<JournalEntry> entries() {
    return List.copyOf(entries);
  }

  /** The entry by which another store takes it as it is. */
  public JournalEntry adoption() {
    return JournalEntry.adoption(state(), hash, epoch);
  }

  public static Driven of(Plan plan, String id) {
    return new Driven(plan, new ExecutionKey(ExecutionKey.DEFAULT_TENANT, id));
  }

  public ExecutionKey key() {
    return key;
  }

  public ExecutionState state() {
    ExecutionState here = state;
    if (here == null) {
      throw new IllegalStateException("not started: " + key);
    }
    return here;
  }

  public List<Event> events() {
    return events;
  }

  public byte[] hash() {
    return hash;
  }

  public boolean isEnded() {
    return state != null && state.status().isEnded();
  }

  /** Goes back to, or on from, what a store had. */
  public void resetTo(ExecutionEntry entry, List<HistoryItem> history) {
    state = entry.state();
    hash = entry.hash();
    events.clear();
    history.forEach(item -> events.add(item.event()));
  }

  public JournalEntry start(Instant now) {
    return start(now, Map.of(), null);
  }

  public JournalEntry start(Instant now, Map<String, String> attributes, @Nullable String session) {
    return apply(
            new Command.StartExecution(
                plan, key, Map.of("n", 1L), attributes, session, 5, null, "digest", "ann"),
            now)
        .orElseThrow();
  }

  /** The entry that follows from the command; empty when nothing does. */
  public Optional<JournalEntry> apply(Command command, Instant now) {
    if (!(Step.of(state, command, now) instanceof Step.Changed(var decided, var at, var after))) {
      return Optional.empty();
    }
    long fromSeq = state == null ? 1 : state.seq() + 1;
    JournalEntry entry = EntryEncoder.encode(key, fromSeq, epoch, at, decided, hash, after);
    assertThat(after.seq()).isEqualTo(fromSeq + decided.size() - 1);
    state = after;
    hash = entry.content().hash();
    events.addAll(decided);
    entries.add(entry);
    return Optional.of(entry);
  }

  /** Starts the first task that is ready, or completes the first that runs. */
  public Optional<JournalEntry> step(Instant now, @Nullable Object output) {
    for (int i = 0; i < state().plan().tasks().size(); i++) {
      TaskState task = state().tasks().get(i);
      String id = state().plan().tasks().get(i).id();
      if (task.status() == TaskStatus.READY) {
        return apply(new Command.StartTask(id, 42L + i, "worker-1"), now);
      }
      Attempt attempt = task.runningAttempt();
      if (attempt != null) {
        return apply(new Command.CompleteTask(id, attempt.number(), attempt.nonce(), output), now);
      }
    }
    return Optional.empty();
  }

  /** All entries from here to its end. */
  public List<JournalEntry> finish(Instant now) {
    var entries = new ArrayList<JournalEntry>();
    for (var entry = step(now, Map.of("ok", true));
        entry.isPresent();
        entry = step(now, Map.of("ok", true))) {
      entries.add(entry.get());
    }
    assertThat(isEnded()).isTrue();
    return entries;
  }

  /** The running task fails for good, and the execution with it. */
  public JournalEntry fail(Instant now) {
    for (TaskState task : state().tasks()) {
      Attempt attempt = task.runningAttempt();
      if (attempt != null) {
        String id = plan.tasks().get(state().tasks().indexOf(task)).id();
        var error = new TaskError("oops", "it failed", null);
        return apply(
                new Command.FailTask(id, attempt.number(), attempt.nonce(), error, false, null),
                now)
            .orElseThrow();
      }
    }
    throw new IllegalStateException("nothing runs");
  }

  public JournalEntry pause(Instant now) {
    return apply(new Command.PauseExecution("p-" + now, PauseMode.IMMEDIATE, "ann", "why"), now)
        .orElseThrow();
  }

  /** A command that somebody might give now. */
  public Optional<JournalEntry> anything(RandomGenerator random, Instant now) {
    if (state == null) {
      return Optional.of(start(now));
    }
    int index = random.nextInt(state().plan().tasks().size());
    String id = state().plan().tasks().get(index).id();
    TaskState task = state().tasks().get(index);
    Attempt attempt = task.runningAttempt();
    int number = attempt == null ? 1 : attempt.number();
    long nonce = attempt == null ? 0 : attempt.nonce();
    String commandId = "c" + random.nextLong();
    Command command =
        switch (random.nextInt(12)) {
          case 0, 1, 2, 3 -> new Command.StartTask(id, random.nextLong(), "w" + index);
          case 4, 5, 6 ->
              new Command.CompleteTask(
                  id,
                  number,
                  nonce,
                  Values.random(random),
                  RandomSpawns.next(random, state().plan(), id, true));
          case 7 ->
              new Command.FailTask(
                  id,
                  number,
                  nonce,
                  new TaskError("oops", "it failed", Values.random(random)),
                  random.nextInt(10) > 0,
                  null);
          case 8 ->
              new Command.PauseExecution(
                  commandId,
                  random.nextBoolean() ? PauseMode.GRACEFUL : PauseMode.IMMEDIATE,
                  "ann",
                  null);
          case 9 -> new Command.ResumeExecution(commandId, "bob", "done", false);
          case 10 -> new Command.FireTimers();
          default ->
              random.nextInt(20) == 0
                  ? new Command.CancelExecution(commandId, "ann", "enough")
                  : new Command.RetryExecution(commandId, "ann", null);
        };
    return apply(command, now);
  }
}
