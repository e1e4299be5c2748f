package dev.holdfast.grid;

import com.hazelcast.core.HazelcastInstance;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.client.wire.BatchCodec;
import dev.holdfast.client.wire.GateClosedException;
import dev.holdfast.client.wire.MemberGate;
import dev.holdfast.client.wire.Reply;
import dev.holdfast.client.wire.ReplyCodec;
import dev.holdfast.client.wire.Request;
import dev.holdfast.client.wire.RequestBatch;
import dev.holdfast.client.wire.Wire;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Rejection;
import dev.holdfast.grid.gate.BatchAnswers;
import dev.holdfast.grid.gate.BlobGate;
import dev.holdfast.grid.gate.Commands;
import dev.holdfast.grid.gate.Departures;
import dev.holdfast.grid.gate.Ends;
import dev.holdfast.grid.gate.GateSessions;
import dev.holdfast.grid.gate.Questions;
import dev.holdfast.grid.gate.Refusals;
import dev.holdfast.grid.gate.ScheduleCalls;
import dev.holdfast.grid.peer.Peers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The member's side of the thin client: runs its batches against the engine, and pushes tasks and
 * ends of executions to it. Commands of one batch are all submitted before the first is waited for,
 * so that they share the journal's commits. Thread-safe.
 */
public final class ClientGate implements MemberGate, AutoCloseable {
  /** A batch is answered by then, with "outcome unknown" for what is not durable. */
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(12);

  /**
   * Far longer than the commits of one batch are apart, where nothing is wrong; far shorter than a
   * partition takes to be copied to another backup.
   */
  private static final Duration STRAGGLE_MAX = Duration.ofMillis(100);

  private final Engine engine;
  private final HazelcastInstance hazelcast;
  private final GateSessions sessions;
  private final Ends ends;
  private final Commands commands;
  private final Questions questions;
  private final ScheduleCalls schedules;
  private final Departures departures;
  private final BlobGate blobs;
  private final BatchAnswers answers = new BatchAnswers(ANSWER_WITHIN, STRAGGLE_MAX);
  private volatile boolean open = true;

  private ClientGate(Engine engine, HazelcastInstance hazelcast) {
    this.engine = engine;
    this.hazelcast = hazelcast;
    this.sessions = new GateSessions(hazelcast, engine.dispatcher());
    this.ends = new Ends(engine, sessions);
    this.commands = new Commands(engine);
    this.questions = new Questions(engine);
    this.schedules = new ScheduleCalls(engine);
    this.blobs = new BlobGate(engine, System::nanoTime);
    this.departures = new Departures(hazelcast, Peers.on(hazelcast), this::departed);
  }

  /**
   * Lets thin clients in.
   *
   * @param engine open already
   * @param hazelcast the member that the engine is part of
   */
  public static ClientGate open(Engine engine, HazelcastInstance hazelcast) {
    ClientGate gate = new ClientGate(engine, hazelcast);
    hazelcast.getUserContext().put(Wire.GATE, gate);
    hazelcast.getUserContext().put(Wire.BLOB_GATE, gate.blobs);
    return gate;
  }

  @Override
  public byte[] handle(byte[] bytes) {
    if (!open) {
      throw new GateClosedException();
    }
    RequestBatch batch = BatchCodec.decode(bytes);
    // First the windows: a result in this batch and the next task can share a transition.
    sessions.windows(batch.windows());
    List<CompletableFuture<Reply>> replies = new ArrayList<>(batch.requests().size());
    for (Request request : batch.requests()) {
      replies.add(submit(batch, request));
    }
    return ReplyCodec.encode(answers.await(replies));
  }

  private CompletableFuture<Reply> submit(RequestBatch batch, Request request) {
    Rejection closed = isOfSession(request) ? null : engine.control().refusal().orElse(null);
    if (closed != null) {
      return done(Refusals.of(closed));
    }
    try {
      return switch (request) {
        case Request.OfExecution one -> ofExecution(batch, one);
        case Request.Register r -> done(questions.register(batch.tenant(), r));
        case Request.Validate r -> done(questions.validate(r));
        case Request.GetDefinition r -> done(questions.definition(batch.tenant(), r));
        case Request.ListDefinitions _ -> done(questions.definitions(batch.tenant()));
        case Request.ListExecutions r -> done(questions.executions(batch.tenant(), r.filter()));
        case Request.ListAgents _ -> done(questions.agents(batch.tenant()));
        case Request.OfSchedules r -> schedules.answer(batch.tenant(), batch.actor(), r);
        case Request.ListApprovals r -> done(questions.approvals(batch.tenant(), r));
        case Request.OpenSession r -> done(sessions.open(batch.client(), batch.tenant(), r));
        case Request.Recall r -> done(sessions.recall(r));
        case Request.DrainSession r -> done(sessions.drain(r));
        case Request.CloseSession r -> done(sessions.close(r));
        case Request.Beat r -> done(sessions.beat(r));
      };
    } catch (RuntimeException e) {
      return done(Refusals.of(e));
    }
  }

  /** Sessions are this member's own, whatever becomes of the cluster. */
  private static boolean isOfSession(Request request) {
    return switch (request) {
      case Request.OpenSession _ -> true;
      case Request.DrainSession _ -> true;
      case Request.CloseSession _ -> true;
      case Request.Beat _ -> true;
      case Request.Recall _ -> true;
      case Request.OfExecution _ -> false;
      case Request.Register _ -> false;
      case Request.Validate _ -> false;
      case Request.GetDefinition _ -> false;
      case Request.ListDefinitions _ -> false;
      case Request.ListExecutions _ -> false;
      case Request.ListAgents _ -> false;
      case Request.ListApprovals _ -> false;
      case Request.OfSchedules _ -> false;
    };
  }

  private CompletableFuture<Reply> ofExecution(RequestBatch batch, Request.OfExecution request) {
    ExecutionKey key = new ExecutionKey(batch.tenant(), request.execution());
    if (key.isInternal()) {
      return done(Refusals.noExecution(key));
    }
    String by = batch.actor();
    return switch (request) {
      case Request.Start r -> start(batch, key, r);
      case Request.Complete r -> commands.complete(key, r);
      case Request.Fail r -> commands.fail(key, r);
      case Request.Heartbeat r -> commands.heartbeat(batch.tenant(), r);
      case Request.Watch _ -> later(() -> ends.watch(batch.client(), key));
      case Request.Pause r ->
          commands.run(key, new Command.PauseExecution(r.commandId(), r.mode(), by, r.reason()));
      case Request.Resume r ->
          commands.run(key, new Command.ResumeExecution(r.commandId(), by, r.reason(), r.force()));
      case Request.Cancel r ->
          commands.run(key, new Command.CancelExecution(r.commandId(), by, r.reason()));
      case Request.Retry r ->
          commands.run(key, new Command.RetryExecution(r.commandId(), by, r.task()));
      case Request.Signal r ->
          commands.run(key, new Command.SendSignal(r.signalId(), r.name(), r.payload(), by));
      case Request.Decide r ->
          commands.run(
              key,
              new Command.DecideApproval(
                  r.commandId(), r.task(), r.approved(), by, r.roles(), r.reason(), r.output()));
      case Request.GetExecution _ -> done(questions.execution(key));
      case Request.Repair _ -> later(() -> questions.repair(key, by));
      case Request.GetHistory r -> done(questions.history(key, r));
    };
  }

  private CompletableFuture<Reply> start(
      RequestBatch batch, ExecutionKey key, Request.Start request) {
    if (!request.watch()) {
      return commands.start(key, batch.actor(), request);
    }
    CompletableFuture<ExecutionState> end = ends.expect(batch.client(), key);
    return commands
        .start(key, batch.actor(), request)
        .whenComplete((reply, failure) -> {
          switch (reply) {
            // Of a repeated start the execution may have ended before: that takes a look.
            case Reply.Done done when !done.changed() ->
                Thread.startVirtualThread(() -> ends.push(batch.client(), key));
            case Reply.Refused refused when !refused.isTransient() -> end.cancel(false);
            case null, default -> {
              // Started, or to be repeated: the end is wanted.
            }
          }
        });
  }

  private static CompletableFuture<Reply> later(Supplier<Reply> question) {
    return CompletableFuture.supplyAsync(question, Thread::startVirtualThread);
  }

  private static CompletableFuture<Reply> done(Reply reply) {
    return CompletableFuture.completedFuture(reply);
  }

  /** Takes no batches any more; agents find another member or wait for this one's return. */
  @Override
  public void close() {
    open = false;
    if (!hazelcast.getLifecycleService().isRunning()) {
      return;
    }
    hazelcast.getUserContext().remove(Wire.GATE, this);
    hazelcast.getUserContext().remove(Wire.BLOB_GATE, blobs);
    blobs.close();
    departures.close();
  }

  /** An agent whose connection is gone loses its leases at once. */
  private void departed(UUID client) {
    ends.disconnected(client);
    sessions.disconnected(client);
  }
}
