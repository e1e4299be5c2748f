package dev.holdfast.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds of every execution, tried on random plans and random commands. */
class PropertiesTest {
  private static final int RUNS = 1500 * Integer.getInteger("holdfast.soak", 1);
  private static final int COMMANDS = 100;
  private static final Moves KNOWN = StatesPage.moves();

  @Test
  void everyExecutionKeepsItsPromises() {
    var ends = new EnumMap<ExecutionStatus, Integer>(ExecutionStatus.class);
    long accepted = 0;
    for (long seed = 1; seed <= RUNS; seed++) {
      var run = new Run(seed);
      try {
        run.begin();
        run.misbehave();
        run.cooperate();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
      ends.merge(run.state().status(), 1, Integer::sum);
      accepted += run.accepted;
    }
    assertThat(ends)
        .containsOnlyKeys(
            ExecutionStatus.COMPLETED,
            ExecutionStatus.FAILED,
            ExecutionStatus.CANCELLED,
            ExecutionStatus.TIMED_OUT)
        .allSatisfy(
            (status, count) -> assertThat(count).as("%s", status).isGreaterThan(RUNS / 100));
    assertThat(accepted).isGreaterThan(RUNS * 12L);
  }

  /** One execution's life. */
  private static final class Run {
    private final RandomGenerator random;
    private final Plan plan;
    private final ExecutionKey key;
    private final RandomCommands commands;
    private final Moves moves = new Moves();
    private final List<Event> events = new ArrayList<>();
    private final List<Instant> times = new ArrayList<>();
    private final Set<String> completed = new HashSet<>();
    private final Set<String> children = new HashSet<>();
    private Instant now = Given.T0;
    private @Nullable ExecutionState state;
    private int accepted;

    Run(long seed) {
      random = new SplittableRandom(seed);
      plan = new RandomPlans(random).withConcurrencyKeys().next(seed % 50 == 0 ? 60 : 12);
      key = new ExecutionKey("default", "run-" + seed);
      commands = new RandomCommands(random);
    }

    ExecutionState state() {
      ExecutionState known = state;
      assertThat(known).isNotNull();
      return known;
    }

    void begin() {
      ParentLink parent = random.nextInt(3) > 0 ? null : new ParentLink("above", "t", 1, 2);
      submit(
          new Command.StartExecution(
              plan, key, Map.of("x", 1L), Map.of(), null, 5, null, "digest", "ann", parent));
    }

    void misbehave() {
      for (int i = 0; i < COMMANDS; i++) {
        passTime();
        submit(commands.next(state()));
      }
    }

    private void passTime() {
      switch (random.nextInt(20)) {
        case 0 -> now = now.plusSeconds(random.nextInt(1000));
        case 1 -> now = now.minusSeconds(random.nextInt(100));
        case 2 -> now = Timers.next(state()).orElse(now);
        default -> now = now.plusMillis(random.nextInt(100));
      }
    }

    /** Agents that do what they are asked, and timers that fire in time: it ends. */
    void cooperate() {
      for (int i = 0; !state().status().isEnded(); i++) {
        int bound = 20 * state().plan().tasks().size() + 20;
        assertThat(i).as("steps until the end of %s", state()).isLessThan(bound);
        if (state().pause() != null) {
          submit(new Command.ResumeExecution("last" + i, "ann", null, false));
        } else if (state().waitsForSlot()) {
          submit(new Command.GrantSlot(1, state().seq()));
        } else if (!workOnSomething()) {
          now = Timers.next(state()).orElseThrow();
          submit(new Command.FireTimers());
        }
      }
      assertThat(Timers.next(state())).isEmpty();
      assertThat(foldedAnew()).as("fold of the journal").isEqualTo(state());
      assertThat(KNOWN.ofExecutions()).as("moves on the page").containsAll(moves.ofExecutions());
      assertThat(KNOWN.ofTasks()).as("moves on the page").containsAll(moves.ofTasks());
    }

    private boolean workOnSomething() {
      for (PlannedTask planned : state().plan().tasks()) {
        TaskState task = state().task(planned.id());
        Attempt running = task.runningAttempt();
        if (task.gate() instanceof Gate.AwaitingSignal
            && planned.gates().signal() instanceof Gates.Signal signal) {
          String id = "last-" + planned.id() + random.nextLong();
          submit(new Command.SendSignal(id, signal.name(), "word", "shop"));
          return true;
        }
        if (task.status() == TaskStatus.AWAITING_APPROVAL) {
          submit(
              new Command.DecideApproval(
                  "last-" + planned.id() + random.nextLong(),
                  planned.id(),
                  true,
                  "ann",
                  List.of("finance"),
                  null,
                  null));
          return true;
        }
        if (planned.kind() instanceof PlannedTask.WorkflowTask
            && (running != null
                || task.status() == TaskStatus.READY && Turn.isOf(state(), planned.index()))) {
          submit(
              running == null
                  ? new Command.StartChild(planned.id(), random.nextLong(), 1)
                  : new Command.TellOfChild(
                      planned.id(), running.number(), new ChildReport.Completed("done")));
          return true;
        }
        if (task.status() == TaskStatus.READY && Turn.isOf(state(), planned.index())) {
          submit(new Command.StartTask(planned.id(), random.nextLong(), "worker"));
          return true;
        }
        if (running != null) {
          submit(new Command.CompleteTask(planned.id(), running.number(), running.nonce(), "done"));
          return true;
        }
      }
      return false;
    }

    private void submit(Command command) {
      ExecutionState before = state;
      Decision decision = Decider.decide(before, command, now);
      assertThat(Decider.decide(before, command, now)).as("decided again").isEqualTo(decision);
      if (decision instanceof Decision.Accepted(List<Event> decided) && !decided.isEmpty()) {
        Instant at = Decider.timeOf(before, now);
        if (before != null) {
          StateChecks.ofDecision(before, command, decided);
        }
        state = apply(before, decided, at);
        accepted++;
        assertThat(state().seq()).as("seq").isEqualTo(events.size());
        StateChecks.of(state());
        StateChecks.ofRest(state());
        assertThat(Decider.decide(state, command, now))
            .as("repeated %s", command)
            .isEqualTo(new Decision.Accepted(List.of()));
        assertThat(Effects.of(state(), decided)).doesNotHaveDuplicates();
      }
    }

    private ExecutionState apply(@Nullable ExecutionState before, List<Event> decided, Instant at) {
      ExecutionState from = before;
      List<Event> rest = decided;
      if (from == null) {
        from = Evolver.begin(plan, key, (Event.ExecutionStarted) decided.getFirst(), at);
        moves.begin(from);
        rest = decided.subList(1, decided.size());
      }
      decided.forEach(event -> events.add(event));
      decided.forEach(event -> times.add(at));
      ExecutionState after = Evolver.evolve(from, rest, at);
      assertThat(moves.follow(from, rest, at)).as("folded one by one").isEqualTo(after);
      rest.forEach(this::checkCompletions);
      return after;
    }

    private void checkCompletions(Event event) {
      switch (event) {
        case Event.TaskCompleted e ->
            assertThat(completed.add(e.task())).as("%s completes once", e.task()).isTrue();
        case Event.TaskPassed e ->
            assertThat(completed.add(e.task())).as("%s completes once", e.task()).isTrue();
        case Event.TaskGathered e ->
            assertThat(completed.add(e.task())).as("%s completes once", e.task()).isTrue();
        case Event.TaskStarted e ->
            assertThat(completed).as("%s starts", e.task()).doesNotContain(e.task());
        case Event.ChildStarted e -> {
          assertThat(completed).as("%s starts", e.task()).doesNotContain(e.task());
          assertThat(children.add(e.child())).as("%s starts once", e.child()).isTrue();
        }
        case Event.ExecutionRetried e -> completed.removeAll(e.tasks());
        case Event.HookBegan e -> completed.remove(e.task());
        // A list is made anew when what it came from was.
        case Event.TaskExpanded e -> completed.removeIf(id -> id.startsWith(e.task() + "["));
        case Event.TasksSpawned e -> e.tasks().forEach(task -> completed.remove(task.id()));
        default -> {}
      }
    }

    private ExecutionState foldedAnew() {
      var first = (Event.ExecutionStarted) events.getFirst();
      ExecutionState folded = Evolver.begin(plan, key, first, times.getFirst());
      for (int i = 1; i < events.size(); i++) {
        folded = Evolver.evolve(folded, events.get(i), times.get(i));
      }
      return folded;
    }
  }
}
