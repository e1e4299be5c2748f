package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionView;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.grid.blob.Blobs;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a member offers to the ways in (gateway, thin client): commands on executions, wherever they
 * are owned, and reads of what is durable.
 */
public interface Engine {
  /**
   * Runs the command on the execution's owner. Completes on a thread that must not be blocked, once
   * the outcome is durable; exceptionally with {@code TimeoutException} when the store did not
   * confirm in time: the command may have taken effect or not, and may be repeated.
   */
  CompletableFuture<Outcome> submit(ExecutionKey key, Command command);

  /**
   * Like {@link #submit} for an execution whose random id was made a moment ago and is submitted
   * for the first time: the store isn't searched for an older one of that id.
   */
  CompletableFuture<Outcome> startFresh(Command.StartExecution command);

  /** The execution as it is now, live or ended. Blocks; for virtual threads. */
  Optional<ExecutionState> find(ExecutionKey key);

  /** Completes when the execution has ended, at once if it has; cancel it to stop waiting. */
  CompletableFuture<ExecutionState> whenEnded(ExecutionKey key);

  /**
   * Completes at the next end of an execution that has not ended, or does not exist yet: for who is
   * about to start it. Looks nothing up and never blocks; cancel it to stop waiting.
   */
  CompletableFuture<ExecutionState> nextEnd(ExecutionKey key);

  /**
   * Has an execution go on that may have been left standing: lets everything follow that follows
   * from its state, and makes timers, queues and leases anew. Harmless where nothing is wrong.
   * Blocks; for virtual threads.
   *
   * @param by who wishes for it
   * @throws dev.holdfast.journal.StoreException when its owner can't say what became of it
   */
  Repair repair(ExecutionKey key, String by);

  /**
   * When the execution will have ended; null where that would be a guess. Blocks; for virtual
   * threads.
   */
  ExecutionView.@Nullable Eta eta(ExecutionState state);

  /** What is durable: lists, histories, checkpoints. */
  Records records();

  /** The tasks that wait for a person's decision. */
  Approvals approvals();

  /** The schedules. */
  Schedules schedules();

  /** Data that executions have by reference. */
  Blobs blobs();

  /** The registered definitions. */
  Definitions definitions();

  /** The agents that are connected, and how work gets to them. */
  Dispatcher dispatcher();

  /** Who wants to hear of events. */
  EventFeed events();

  /** This member and its cluster; asks the other members for their figures. */
  ClusterView cluster();

  /** Whether the cluster takes commands, and what operators do about it. */
  ClusterControl control();

  /** Whether the member's cluster has opened and the member has not left it. */
  boolean isOpen();

  /** Whether the store confirms writes at the moment. */
  boolean isStoreHealthy();
}
