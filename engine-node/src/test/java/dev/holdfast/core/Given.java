package dev.holdfast.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskError;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code given(plan, events).when(command).then(events)}. Whatever is accepted is also folded anew,
 * event by event, and has to give the same state.
 */
final class Given {
  static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  static final ExecutionKey KEY = new ExecutionKey("default", "one");
  static final ExecutionKey SCHEDULE = ExecutionKey.ofSchedule("default", "nightly");

  private record Past(Event event, Instant at) {}

  private final Plan plan;
  private final ExecutionKey key;
  private final List<Past> past = new ArrayList<>();
  private @Nullable ExecutionState state;
  private Instant now = T0;

  private Given(Plan plan, ExecutionKey key) {
    this.plan = plan;
    this.key = key;
  }

  /** An execution of the plan that has begun, and to which these events happened. */
  static Given given(PlanBuilder plan, Event... events) {
    return given(plan.build(), events);
  }

  static Given given(Plan plan, Event... events) {
    Given given = nothing(plan);
    given.when(startExecution(plan));
    return given.and(events);
  }

  /** An execution of the plan that carries out a task of another. */
  static Given child(PlanBuilder plan) {
    Given given = nothing(plan.build());
    given.when(startChildExecution(given.plan, 1));
    return given;
  }

  /** No execution yet. */
  static Given nothing(Plan plan) {
    return new Given(plan, KEY);
  }

  /** No schedule yet. */
  static Given noSchedule() {
    return new Given(Schedule.PLAN, SCHEDULE);
  }

  Schedule schedule() {
    Schedule schedule = state().schedule();
    if (schedule == null) {
      throw new AssertionError("it is no schedule");
    }
    return schedule;
  }

  Given and(Event... events) {
    add(List.of(events));
    return this;
  }

  /** Time passes. */
  Given after(Duration time) {
    now = now.plus(time);
    return this;
  }

  /** Commands that are of no further interest here, all accepted. */
  Given and(Command... commands) {
    for (Command command : commands) {
      assertThat(when(command).decision).isInstanceOf(Decision.Accepted.class);
    }
    return this;
  }

  When when(Command command) {
    Decision decision = Decider.decide(state, command, now);
    ExecutionState before = state;
    if (decision instanceof Decision.Accepted accepted) {
      add(accepted.events());
    }
    return new When(decision, before);
  }

  ExecutionState state() {
    ExecutionState known = state;
    if (known == null) {
      throw new AssertionError("there is no execution");
    }
    return known;
  }

  boolean exists() {
    return state != null;
  }

  /** What is said to a command, without its happening. */
  Decision decide(Command command) {
    return Decider.decide(state, command, now);
  }

  /** The state that these events would lead to. */
  ExecutionState after(List<Event> events) {
    Instant at = Decider.timeOf(state, now);
    ExecutionState before = state;
    if (before != null) {
      return Evolver.evolve(before, events, at);
    }
    var begun = Evolver.begin(plan, key, (Event.ExecutionStarted) events.getFirst(), at);
    return Evolver.evolve(begun, events.subList(1, events.size()), at);
  }

  /** Notes the moves of all that happened, and of what would happen at the command, if any. */
  void replay(Moves moves, @Nullable Command command) {
    var all = new ArrayList<>(past);
    if (command != null && decide(command) instanceof Decision.Accepted accepted) {
      accepted.events().forEach(event -> all.add(new Past(event, Decider.timeOf(state, now))));
    }
    if (!all.isEmpty()) {
      Past first = all.removeFirst();
      var folded = Evolver.begin(plan, key, (Event.ExecutionStarted) first.event(), first.at());
      moves.begin(folded);
      for (Past next : all) {
        folded = moves.follow(folded, List.of(next.event()), next.at());
      }
    }
  }

  TaskState task(String id) {
    return state().task(id);
  }

  Instant now() {
    return now;
  }

  /** All events so far. */
  List<Event> events() {
    return past.stream().map(Past::event).toList();
  }

  private void add(List<Event> events) {
    if (events.isEmpty()) {
      return;
    }
    Instant at = Decider.timeOf(state, now);
    events.forEach(event -> past.add(new Past(event, at)));
    state = after(events);
    assertThat(state).as("the fold of the events, one by one").isEqualTo(foldedAnew());
  }

  private ExecutionState foldedAnew() {
    Past first = past.getFirst();
    var folded = Evolver.begin(plan, key, (Event.ExecutionStarted) first.event(), first.at());
    for (Past next : past.subList(1, past.size())) {
      folded = Evolver.evolve(folded, next.event(), next.at());
    }
    return folded;
  }

  /** What was said to a command. */
  final class When {
    private final Decision decision;
    private final @Nullable ExecutionState before;

    private When(Decision decision, @Nullable ExecutionState before) {
      this.decision = decision;
      this.before = before;
    }

    /** Exactly these events follow. */
    Given then(Event... events) {
      assertThat(decision).isEqualTo(new Decision.Accepted(List.of(events)));
      return Given.this;
    }

    Given changesNothing() {
      return then();
    }

    /** These events are among those that follow. */
    Given thenAmongOthers(Event... events) {
      assertThat(decision).isInstanceOf(Decision.Accepted.class);
      assertThat(((Decision.Accepted) decision).events()).contains(events);
      return Given.this;
    }

    Given rejects(Rejection.Code code) {
      return rejects(code, "");
    }

    /** It is refused, with a message that says this. */
    Given rejects(Rejection.Code code, String says) {
      assertThat(decision).isInstanceOf(Decision.Rejected.class);
      Rejection rejection = ((Decision.Rejected) decision).rejection();
      assertThat(rejection.code()).isEqualTo(code);
      assertThat(rejection.message()).contains(says);
      assertThat(state).isSameAs(before);
      return Given.this;
    }
  }

  static Command.StartExecution startExecution(Plan plan) {
    return new Command.StartExecution(
        plan, KEY, Map.of("n", 1L), Map.of(), null, 5, null, "digest", "ann");
  }

  /** The start of a child, so many levels below the first execution. */
  static Command.StartExecution startChildExecution(Plan plan, int depth) {
    return new Command.StartExecution(
        plan,
        KEY,
        Map.of("n", 1L),
        Map.of(),
        null,
        5,
        null,
        "digest",
        "ann",
        new ParentLink("above", "task", 1, depth));
  }

  /** The nonce of a task's attempt, as these tests give them. */
  static long nonce(String task, int attempt) {
    return task.hashCode() * 31L + attempt;
  }

  static Command start(String task, int attempt) {
    return new Command.StartTask(task, nonce(task, attempt), "worker");
  }

  static Command startChild(String task, int attempt) {
    return new Command.StartChild(task, nonce(task, attempt), 3);
  }

  static Command tell(String task, int attempt, ChildReport report) {
    return new Command.TellOfChild(task, attempt, report);
  }

  static Command follow(long seq, ParentWish wish) {
    return new Command.FollowParent(seq, wish, "ann", null);
  }

  /** The slot for an execution that is at this seq. */
  static Command grant(long seq) {
    return new Command.GrantSlot(1, seq);
  }

  static Command complete(String task, int attempt, @Nullable Object output) {
    return new Command.CompleteTask(task, attempt, nonce(task, attempt), output);
  }

  static Command fail(String task, int attempt, String type) {
    return new Command.FailTask(
        task, attempt, nonce(task, attempt), new TaskError(type, "it went wrong"), true, null);
  }

  static Command loseLease(String task, int attempt) {
    return new Command.LoseLease(task, attempt, nonce(task, attempt), LeaseLoss.DISCONNECTED);
  }

  static Command fireTimers() {
    return new Command.FireTimers();
  }

  static Command pause(String commandId, PauseMode mode) {
    return new Command.PauseExecution(commandId, mode, "ann", "a look");
  }

  static Command resume(String commandId) {
    return new Command.ResumeExecution(commandId, "ann", null, false);
  }

  static Command cancel(String commandId) {
    return new Command.CancelExecution(commandId, "ann", null);
  }

  static Command signal(String id, String name, @Nullable Object payload) {
    return new Command.SendSignal(id, name, payload, "shop");
  }

  static Command approve(String commandId, String task, @Nullable Object output) {
    return new Command.DecideApproval(
        commandId, task, true, "bob", List.of("finance"), "checked", output);
  }

  static Command reject(String commandId, String task) {
    return new Command.DecideApproval(
        commandId, task, false, "bob", List.of("finance"), "too much", null);
  }

  static Command retry(String commandId, @Nullable String task) {
    return new Command.RetryExecution(commandId, "ann", task);
  }
}
