package dev.holdfast.grid.reach.work;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.TaskToken;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.grid.AgentProfile;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.Dispatcher;
import dev.holdfast.grid.RateLimit;
import dev.holdfast.grid.dispatch.AgentDispatcher;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.grid.reach.Wire;
import dev.holdfast.grid.reach.news.Demand;
import dev.holdfast.grid.reach.news.Orders;
import dev.holdfast.grid.reach.news.WorkWatch;
import dev.holdfast.journal.StoreException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dispatcher of the whole cluster. Connected agents belong to the member that they are
 * connected to; polls are handed tasks of all members; heartbeats and what is given back go to the
 * member that has the lease. Thread-safe.
 */
public final class ClusterDispatcher implements Dispatcher {
  private static final long PROGRESS_WITHIN_MILLIS = 500;
  private static final Logger LOG = LoggerFactory.getLogger(ClusterDispatcher.class);

  private final Neighbours neighbours;
  private final AgentDispatcher here;
  private final Function<ExecutionKey, Optional<ExecutionState>> find;
  private final Orders orders;
  private final WorkSearch search;
  private final Handovers handovers = new Handovers();

  private record Beat(
      String tenant, TaskToken token, @Nullable Double progress, @Nullable Object details) {}

  private record Beaten(LeaseStatus status) {}

  private record OfExecution(String execution, List<TaskToken> running) {}

  private record Said(TaskToken token, Progress progress) {}

  private record AllSaid(List<Said> said) {}

  private record OfTenant(String tenant) {}

  private record Agents(List<AgentInfo> agents) {}

  private record Returned(List<Assignment> tasks) {}

  /**
   * Answers other members' questions from here on.
   *
   * @param here this member's own
   * @param find the execution as it is now, wherever it is owned; blocks
   * @param random where a poll begins
   */
  public ClusterDispatcher(
      Neighbours neighbours,
      AgentDispatcher here,
      Function<ExecutionKey, Optional<ExecutionState>> find,
      RandomGenerator random) {
    this.neighbours = neighbours;
    this.here = here;
    this.find = find;
    this.orders = new Orders(neighbours, here, handovers::passedOn);
    this.search = new WorkSearch(neighbours, here, this::giveBack, random);
    neighbours.serve(PeerOp.POLL, this::handOut);
    neighbours.serve(PeerOp.HEARTBEAT, (from, body) -> beat(Wire.read(body, Beat.class)));
    neighbours.serve(PeerOp.PROGRESS, (from, body) -> progress(body));
    neighbours.serve(PeerOp.GIVE_BACK, (from, body) -> takeBack(body));
    neighbours.serve(PeerOp.AGENTS, (from, body) -> agentsHere(body));
  }

  /** What other members want to be told. */
  public Orders orders() {
    return orders;
  }

  /** Who looks for work on other members. */
  public WorkWatch watch() {
    return search;
  }

  /** Wakes polls that can go on, and takes back what went out with a lost member. */
  public void round() {
    search.round();
    handovers.lostWithout(neighbours.others()).forEach(this::giveBack);
  }

  @Override
  public AgentSession open(AgentProfile profile, AgentSink sink) {
    return here.open(profile, sink);
  }

  @Override
  public CompletableFuture<List<Assignment>> poll(AgentProfile profile, int max, Duration wait) {
    if (neighbours.isAlone()) {
      return pollAlone(profile, max, wait);
    }
    var poll = new ClusterPoll(profile, max, wait, search, this::giveBack);
    Thread.ofVirtual().name("holdfast-poll").start(poll);
    return poll.answer;
  }

  private CompletableFuture<List<Assignment>> pollAlone(
      AgentProfile profile, int max, Duration wait) {
    AgentDispatcher.OpenPoll poll = here.begin(profile, max, wait);
    if (!poll.answer().isDone()) {
      search.waitsAlone(poll.stop());
      poll.answer().whenComplete((tasks, failure) -> search.waitsAloneNoMore(poll.stop()));
    }
    return poll.answer();
  }

  private byte[] handOut(UUID from, byte[] body) {
    Line.Question question = Wire.read(body, Line.Question.class);
    AgentProfile profile = question.profile();
    // First the wish, then the look: what begins to wait in between is told.
    orders.demand(from, Demand.of(profile));
    List<Assignment> tasks = here.begin(profile, question.max(), Duration.ZERO).answer().join();
    if (!tasks.isEmpty()) {
      handovers.add(from, tasks);
    }
    return Wire.write(new Line.Tasks(tasks));
  }

  @Override
  public void giveBack(Assignment task) {
    ExecutionKey key = new ExecutionKey(task.tenant(), task.execution());
    if (neighbours.isOwned(key)) {
      here.giveBack(task);
      return;
    }
    neighbours
        .askOwner(key, PeerOp.GIVE_BACK, Wire.write(new Returned(List.of(task))))
        .whenComplete((answer, failure) -> {
          if (failure != null) {
            LOG.warn(
                "task {} of {} stays with a worker that has gone until its time-out",
                task.task(),
                key,
                failure);
          }
        });
  }

  private byte[] takeBack(byte[] body) {
    for (Assignment task : Wire.read(body, Returned.class).tasks()) {
      neighbours.requireOwned(new ExecutionKey(task.tenant(), task.execution()));
      here.giveBack(task);
    }
    return new byte[0];
  }

  @Override
  public CompletableFuture<LeaseStatus> heartbeat(
      String tenant, TaskToken token, @Nullable Double progress, @Nullable Object details) {
    var beat = new Beat(tenant, token, progress, details);
    ExecutionKey key = new ExecutionKey(tenant, token.execution());
    if (neighbours.isOwned(key)) {
      return here.heartbeat(tenant, token, progress, details)
          .thenCompose(status ->
              status == LeaseStatus.LIVE
                  ? CompletableFuture.completedFuture(status)
                  : CompletableFuture.supplyAsync(
                      () -> byState(key, token), Thread::startVirtualThread));
    }
    return CompletableFuture.supplyAsync(
        () ->
            Wire.read(neighbours.ofOwner(key, PeerOp.HEARTBEAT, Wire.write(beat)), Beaten.class)
                .status(),
        Thread::startVirtualThread);
  }

  private byte[] beat(Beat beat) {
    neighbours.requireOwned(new ExecutionKey(beat.tenant(), beat.token().execution()));
    LeaseStatus status =
        here.heartbeat(beat.tenant(), beat.token(), beat.progress(), beat.details()).join();
    if (status == LeaseStatus.REVOKED) {
      var key = new ExecutionKey(beat.tenant(), beat.token().execution());
      status = byState(key, beat.token());
    }
    return Wire.write(new Beaten(status));
  }

  /**
   * A member that has come to own the execution a moment ago may not have its leases yet: nobody is
   * told to stop unless the state says so too.
   */
  private LeaseStatus byState(ExecutionKey key, TaskToken token) {
    ExecutionState state = find.apply(key).orElse(null);
    if (state == null || !state.plan().has(token.task())) {
      return LeaseStatus.REVOKED;
    }
    Attempt running = state.task(token.task()).runningAttempt();
    return running != null && running.nonce() == token.nonce()
        ? LeaseStatus.LIVE
        : LeaseStatus.REVOKED;
  }

  @Override
  public Map<TaskToken, Progress> progress(ExecutionKey execution, List<TaskToken> running) {
    if (neighbours.isOwned(execution)) {
      return here.progress(execution, running);
    }
    var question = new OfExecution(execution.text(), running);
    try {
      byte[] answer =
          neighbours
              .askOwner(execution, PeerOp.PROGRESS, Wire.write(question))
              .get(PROGRESS_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
      var said = new HashMap<TaskToken, Progress>();
      Wire.read(answer, AllSaid.class).said().forEach(one -> said.put(one.token(), one.progress()));
      return said;
    } catch (ExecutionException | TimeoutException e) {
      // An ornament of the view, which is better shown without it than not at all.
      LOG.debug("no progress of {}", execution, e);
      return Map.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Map.of();
    }
  }

  private byte[] progress(byte[] body) {
    var question = Wire.read(body, OfExecution.class);
    ExecutionKey key = ExecutionKey.parse(question.execution());
    return Wire.write(
        new AllSaid(
            here.progress(key, question.running()).entrySet().stream()
                .map(entry -> new Said(entry.getKey(), entry.getValue()))
                .toList()));
  }

  @Override
  public @Nullable RateLimit rateLimit(String capability) {
    return here.rateLimit(capability);
  }

  @Override
  public List<AgentInfo> agents(String tenant) throws StoreException {
    if (neighbours.isAlone()) {
      return here.agents(tenant);
    }
    var all = new KnownAgents();
    neighbours
        .ofOthers(PeerOp.AGENTS, Wire.write(new OfTenant(tenant)))
        .values()
        .forEach(answer -> all.add(Wire.read(answer, Agents.class).agents()));
    all.add(here.agents(tenant));
    return all.merged();
  }

  private byte[] agentsHere(byte[] body) {
    return Wire.write(new Agents(here.agents(Wire.read(body, OfTenant.class).tenant())));
  }
}
