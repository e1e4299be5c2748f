package dev.holdfast.core.simulation;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Plan;
import dev.holdfast.core.Schedule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;

/** One run: some time with faults, then without until everything has ended. */
final class Simulation {
  private static final int AGENTS = 5;

  /** Steps that may pass without faults until everything has ended. */
  private static final int CALM_STEPS_MAX = 200_000;

  private final long seed;
  private final Agenda agenda = new Agenda();
  private final Map<ExecutionKey, Plan> plans = new LinkedHashMap<>();
  private final Faults faults;
  private final SimulatedJournal journal;
  private final SimulatedNode node;
  private final Observer observer;
  private final KinshipCheck kinship;
  private int firings;
  private final SimulatedSchedules schedules;
  private final SimulatedUsers users;

  Simulation(long seed) {
    this.seed = seed;
    faults = new Faults(new SplittableRandom(seed));
    var network = new Network(agenda, faults);
    Function<ExecutionKey, Plan> planOf =
        key ->
            key.isInternal()
                ? Schedule.PLAN
                : plans.computeIfAbsent(key, child -> SimulatedKin.planOf(child, seed));
    journal = new SimulatedJournal(planOf);
    observer = new Observer(journal);
    node = new SimulatedNode(agenda, faults, network, journal, planOf);
    kinship = new KinshipCheck(journal);
    schedules = new SimulatedSchedules(agenda, faults, network, journal, node);
    users = new SimulatedUsers(agenda, faults, network, journal, plans, node, observer);
    for (int i = 0; i < AGENTS; i++) {
      new SimulatedAgent(i, agenda, faults, network, node, observer);
    }
  }

  /**
   * @throws AssertionError with the seed, when a promise was broken
   */
  void run(int stepsWithFaults) {
    try {
      while (agenda.steps() < stepsWithFaults) {
        agenda.step();
      }
      faults.off();
      long bound = agenda.steps() + CALM_STEPS_MAX;
      while (!(users.isAllDone() && kinship.isAllDone()) && agenda.steps() < bound) {
        agenda.step();
      }
      observer.validate();
      kinship.validate();
      firings = schedules.validate();
    } catch (AssertionError | RuntimeException e) {
      String where =
          "seed %d, step %d, after %d ms: %s"
              .formatted(seed, agenda.steps(), agenda.nowMillis(), e.getMessage());
      throw new AssertionError(where, e);
    }
  }

  long steps() {
    return agenda.steps();
  }

  Map<Faults.Kind, Integer> faults() {
    return faults.counts();
  }

  /** What was seen from outside, and how the executions ended. */
  Map<String, Integer> counts() {
    var counts = new LinkedHashMap<>(observer.counts());
    counts.putAll(kinship.counts());
    counts.put("firings", firings);
    counts.put("slots", (int) journal.slotsGranted());
    return counts;
  }

  long lostTransitions() {
    return node.lostTransitions();
  }

  long events() {
    return journal.events();
  }

  String fingerprint() {
    return journal.fingerprint();
  }
}
