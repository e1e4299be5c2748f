package dev.holdfast.core.simulation;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Gate;
import dev.holdfast.core.Gates;
import dev.holdfast.core.Plan;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.RandomPlans;
import dev.holdfast.core.TaskState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Those who start executions, and those who pause, resume, cancel and retry them. */
final class SimulatedUsers {
  private static final int OPEN_MAX = 12;
  private static final long RESEND_MILLIS = 1500;

  private final Agenda agenda;
  private final Faults faults;
  private final Network network;
  private final SimulatedJournal journal;
  private final Map<ExecutionKey, Plan> plans;
  private final Map<ExecutionKey, Boolean> asked = new LinkedHashMap<>();
  private final SimulatedNode node;
  private final Observer observer;
  private final RandomPlans generator;
  private int commandIds;

  SimulatedUsers(
      Agenda agenda,
      Faults faults,
      Network network,
      SimulatedJournal journal,
      Map<ExecutionKey, Plan> plans,
      SimulatedNode node,
      Observer observer) {
    this.agenda = agenda;
    this.faults = faults;
    this.network = network;
    this.journal = journal;
    this.plans = plans;
    this.node = node;
    this.observer = observer;
    this.generator = new RandomPlans(new SplittableRandom(faults.any())).withConcurrencyKeys();
    agenda.every(1000, this::perhapsStart);
    agenda.every(2000, this::perhapsControl);
    agenda.every(700, this::openGates);
  }

  private void perhapsStart() {
    if (faults.areOn() && openCount() < OPEN_MAX) {
      var key = new ExecutionKey("default", "run-" + asked.size());
      Plan plan = generator.next(10);
      plans.put(key, plan);
      asked.put(key, true);
      repeat(
          key,
          new Command.StartExecution(
              plan, key, Map.of("x", 1L), Map.of(), null, 5, null, "digest-" + key, "ann"),
          reply -> observer.startAnswered(key, reply));
    }
  }

  private long openCount() {
    return asked.keySet().stream().filter(key -> !isEnded(key)).count();
  }

  private boolean isEnded(ExecutionKey key) {
    ExecutionState state = journal.state(key);
    return state != null && state.status().isEnded();
  }

  /** Sends until an answer comes. */
  private void repeat(ExecutionKey key, Command command, Consumer<Reply> whenAnswered) {
    repeat(key, command, whenAnswered, new boolean[1]);
  }

  private void repeat(
      ExecutionKey key, Command command, Consumer<Reply> whenAnswered, boolean[] answered) {
    if (answered[0]) {
      return;
    }
    network.send(() ->
        node.submit(
            key,
            command,
            reply ->
                network.send(() -> {
                  if (!answered[0]) {
                    answered[0] = true;
                    whenAnswered.accept(reply);
                  }
                })));
    agenda.after(RESEND_MILLIS, () -> repeat(key, command, whenAnswered, answered));
  }

  private void perhapsControl() {
    if (!faults.areOn()) {
      resumeAll();
      return;
    }
    // Children have users of their own, who know nothing of their parents'.
    List<ExecutionKey> open =
        new ArrayList<>(faults.fraction() < 0.8 ? asked.keySet() : journal.keys());
    open.removeIf(key -> isEnded(key) && journal.state(key).status() != ExecutionStatus.FAILED);
    if (open.isEmpty()) {
      return;
    }
    ExecutionKey key = open.get((int) faults.between(0, open.size()));
    String id = "command-" + commandIds++;
    double what = faults.fraction();
    if (what < 0.2) {
      pause(key, id, PauseMode.GRACEFUL);
    } else if (what < 0.3) {
      pause(key, id, PauseMode.IMMEDIATE);
    } else if (what < 0.7) {
      repeat(key, new Command.ResumeExecution(id, "ann", null, false), r -> {});
    } else if (what < 0.73) {
      repeat(key, new Command.CancelExecution(id, "ann", null), r -> {});
    } else {
      repeat(
          key,
          new Command.RetryExecution(id, "ann", null),
          reply -> {
            if (reply.changed()) {
              observer.count("retries");
            }
          });
    }
  }

  private void pause(ExecutionKey key, String id, PauseMode mode) {
    repeat(
        key,
        new Command.PauseExecution(id, mode, "ann", null),
        reply -> observer.pauseAnswered(key, id, reply));
  }

  /** Somebody looks through what waits at gates, and decides or sends what it waits for. */
  private void openGates() {
    for (ExecutionKey key : List.copyOf(journal.keys())) {
      ExecutionState state = journal.state(key);
      if (state == null || state.status().isEnded()) {
        continue;
      }
      for (PlannedTask planned : state.plan().tasks()) {
        TaskState task = state.tasks().get(planned.index());
        if (task.status() == TaskStatus.AWAITING_APPROVAL
            && (!faults.areOn() || faults.fraction() < 0.2)) {
          decide(key, planned.id());
        }
        if (task.gate() instanceof Gate.AwaitingSignal
            && planned.gates().signal() instanceof Gates.Signal signal
            && (!faults.areOn() || faults.fraction() < 0.2)) {
          signal(key, signal.name());
        }
      }
    }
  }

  private void signal(ExecutionKey key, String name) {
    String id = "command-" + commandIds++;
    repeat(
        key,
        new Command.SendSignal(id, name, "word", "shop"),
        reply -> observer.signalAnswered(key, id, reply));
  }

  private void decide(ExecutionKey key, String task) {
    boolean approved = !faults.areOn() || faults.fraction() < 0.8;
    var command =
        new Command.DecideApproval(
            "command-" + commandIds++, task, approved, "ann", List.of("finance"), null, null);
    repeat(
        key,
        command,
        reply -> {
          if (reply.changed()) {
            observer.count(approved ? "approvals" : "rejections");
          }
        });
  }

  private void resumeAll() {
    for (ExecutionKey key : List.copyOf(journal.keys())) {
      ExecutionState state = journal.state(key);
      if (state != null && state.pause() != null) {
        String id = "command-" + commandIds++;
        repeat(key, new Command.ResumeExecution(id, "ann", null, false), r -> {});
      }
    }
  }

  /** Whether all that was ever asked for has been acknowledged and has ended. */
  boolean isAllDone() {
    return asked.keySet().stream()
        .allMatch(key -> observer.started().contains(key) && isEnded(key));
  }
}
