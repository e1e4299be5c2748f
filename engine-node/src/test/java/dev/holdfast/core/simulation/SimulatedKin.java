package dev.holdfast.core.simulation;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.ChildCommands;
import dev.holdfast.core.ChildReport;
import dev.holdfast.core.ChildRun;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Following;
import dev.holdfast.core.ParentLink;
import dev.holdfast.core.Plan;
import dev.holdfast.core.RandomPlans;
import dev.holdfast.core.Rejection.Code;
import dev.holdfast.core.ScheduleCommand;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What parents and children tell one another, over a network that loses and repeats it. Nothing is
 * sent again but by the node's looking over its executions.
 */
final class SimulatedKin {
  private static final int TASKS_MAX = 4;

  private final SimulatedNode node;
  private final Faults faults;
  private final Network network;
  private final SimulatedJournal journal;

  SimulatedKin(SimulatedNode node, Faults faults, Network network, SimulatedJournal journal) {
    this.node = node;
    this.faults = faults;
    this.network = network;
    this.journal = journal;
  }

  /** The plan of a child, which hangs on its id alone. */
  static Plan planOf(ExecutionKey child, long seed) {
    return new RandomPlans(new SplittableRandom(seed * 31 + child.hashCode()))
        .withConcurrencyKeys()
        .next(TASKS_MAX);
  }

  void start(ExecutionKey key, String task) {
    node.submit(key, new Command.StartChild(task, faults.any(), 1), reply -> {});
  }

  void begin(ExecutionKey key, Instant scheduledAt) {
    node.submit(key, new ScheduleCommand.BeginFiring(scheduledAt, faults.any(), 1), reply -> {});
  }

  void tend(ExecutionKey key, String task, int number, boolean fresh) {
    ExecutionState parent = journal.state(key);
    Optional<Attempt> known =
        parent == null ? Optional.empty() : ChildCommands.attempt(parent, task, number);
    if (parent == null || known.isEmpty()) {
      return;
    }
    Attempt attempt = known.get();
    ChildRun run = attempt.child();
    if (run == null) {
      return;
    }
    var child = new ExecutionKey(key.tenant(), run.id());
    if (fresh) {
      startChild(parent, task, attempt, child);
    } else {
      network.send(() ->
          node.submit(
              child,
              ChildCommands.follow(parent, task, number),
              reply -> {
                if (reply.refusal() != Code.EXECUTION_NOT_FOUND) {
                  report(key, task, attempt, child);
                } else if (attempt.outcome() == null) {
                  startChild(parent, task, attempt, child);
                }
              }));
    }
  }

  private void startChild(ExecutionState parent, String task, Attempt attempt, ExecutionKey child) {
    ChildRun run = attempt.child();
    if (run != null) {
      Command start = ChildCommands.start(parent, task, attempt, run, node.plans.apply(child));
      network.send(
          () -> node.submit(child, start, reply -> report(parent.key(), task, attempt, child)));
    }
  }

  private void report(ExecutionKey parent, String task, Attempt attempt, ExecutionKey child) {
    ExecutionState state = journal.state(child);
    if (state != null) {
      tell(parent, task, attempt.number(), state);
    }
  }

  private void tell(ExecutionKey parent, String task, int number, ExecutionState child) {
    Optional<ChildReport> report = Following.report(child);
    if (report.isPresent()) {
      Command told = new Command.TellOfChild(task, number, report.get());
      network.send(() -> node.submit(parent, told, reply -> {}));
    }
  }

  void tellParent(ExecutionKey key) {
    ExecutionState child = journal.state(key);
    ParentLink link = child == null ? null : child.header().parent();
    if (child != null && link != null) {
      tell(new ExecutionKey(key.tenant(), link.execution()), link.task(), link.attempt(), child);
    }
  }

  void askParent(ExecutionKey key) {
    ExecutionState child = journal.state(key);
    ParentLink link = child == null ? null : child.header().parent();
    ExecutionState parent =
        link == null ? null : journal.state(new ExecutionKey(key.tenant(), link.execution()));
    if (link != null && parent != null) {
      Command wish = ChildCommands.follow(parent, link.task(), link.attempt());
      network.send(() -> node.submit(key, wish, reply -> {}));
    }
  }
}
