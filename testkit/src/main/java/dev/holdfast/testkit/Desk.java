package dev.holdfast.testkit;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.PlannedTask.AgentTask;
import dev.holdfast.testkit.engine.Agenda;
import dev.holdfast.testkit.engine.VirtualEngine;
import dev.holdfast.testkit.engine.Work;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Brings ready tasks and mock agents together: higher priorities first, then older tasks. */
final class Desk implements Work {
  private record Offer(ExecutionKey key, String task, AgentTask wanted, int priority, long order) {}

  private final Agenda agenda;
  private final SplittableRandom random;
  private final VirtualEngine engine;
  private final Leases leases;
  private final List<MockAgent> agents = new ArrayList<>();
  private final List<Offer> offers = new ArrayList<>();
  private long offered;
  private boolean matchPlanned;

  /**
   * @param seed decides about the attempts' tokens, and by them about the jitter of retries
   */
  Desk(Agenda agenda, VirtualEngine engine, long seed) {
    this.agenda = agenda;
    this.engine = engine;
    this.random = new SplittableRandom(seed);
    this.leases = new Leases(agenda, engine);
  }

  Leases leases() {
    return leases;
  }

  /** The agent takes the place of one with the same capability and labels. */
  void add(MockAgent agent) {
    agents.removeIf(other ->
        other.capability().equals(agent.capability()) && other.labels().equals(agent.labels()));
    agents.add(agent);
    planMatch();
  }

  List<MockAgent> agents() {
    return List.copyOf(agents);
  }

  @Override
  public void offer(ExecutionState state, String task) {
    PlannedTask planned = state.plan().task(task);
    if (planned.kind() instanceof AgentTask wanted) {
      offers.removeIf(offer -> offer.key().equals(state.key()) && offer.task().equals(task));
      Integer own = planned.priority();
      int priority = own == null ? state.header().priority() : own;
      offers.add(new Offer(state.key(), task, wanted, priority, offered++));
      planMatch();
    }
  }

  @Override
  public void withdraw(ExecutionKey key) {
    offers.removeIf(offer -> offer.key().equals(key));
  }

  /** Looks again who could do what, once what is going on now is through. */
  void planMatch() {
    if (!matchPlanned) {
      matchPlanned = true;
      agenda.plan(agenda.now(), this::match);
    }
  }

  private void match() {
    matchPlanned = false;
    var waiting = new ArrayList<>(offers);
    waiting.sort(
        Comparator.comparingInt(Offer::priority).reversed().thenComparingLong(Offer::order));
    for (Offer offer : waiting) {
      MockAgent agent = free(offer);
      if (agent != null) {
        offers.remove(offer);
        // A refusal means that the task is not to be had any more.
        engine.submit(
            offer.key(), new Command.StartTask(offer.task(), random.nextLong(), agent.worker()));
      }
    }
  }

  /** An agent for the task; null: all that could take it are busy or gone. */
  private @Nullable MockAgent free(Offer offer) {
    List<MockAgent> able = able(offer.wanted());
    if (able.isEmpty()) {
      throw new MissingAgentException(missing(offer));
    }
    return able.stream().filter(this::isFree).findFirst().orElse(null);
  }

  boolean isFree(MockAgent agent) {
    return agent.isConnected() && leases.heldBy(agent) < agent.concurrency();
  }

  /** The agents that can carry such a task out. */
  List<MockAgent> able(AgentTask wanted) {
    return agents.stream()
        .filter(agent -> agent.capability().equals(wanted.capability()))
        .filter(agent -> agent.labels().entrySet().containsAll(wanted.requires().entrySet()))
        .toList();
  }

  private String missing(Offer offer) {
    String capability = offer.wanted().capability();
    boolean isKnown = agents.stream().anyMatch(agent -> agent.capability().equals(capability));
    return ("task '%s' of execution '%s' wants an agent '%s'%s, and no mock agent has %s."
            + " Add one: kit.agent(\"%s\", %stask -> …). There are: %s")
        .formatted(
            offer.task(),
            offer.key().id(),
            capability,
            offer.wanted().requires().isEmpty() ? "" : " with " + offer.wanted().requires(),
            isKnown ? "these labels" : "this capability",
            capability,
            offer.wanted().requires().isEmpty() ? "" : "Map.of(…), ",
            agents.isEmpty() ? "none" : agents);
  }

  @Override
  public void deliver(ExecutionState state, String task, Attempt attempt) {
    MockAgent taker =
        agents.stream()
            .filter(agent -> agent.worker().equals(attempt.worker()))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no agent is " + attempt.worker()));
    leases.held(state, task, attempt, taker);
  }

  @Override
  public void end(ExecutionKey key, Attempt attempt) {
    leases.end(attempt.nonce());
    planMatch();
  }
}
