package dev.holdfast.client;

import dev.holdfast.api.ApprovalOptions;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionResult;
import dev.holdfast.api.ExecutionView;
import dev.holdfast.api.HistoryEvent;
import dev.holdfast.api.JsonConversion;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.RepairResult;
import dev.holdfast.api.WaitTimeoutException;
import dev.holdfast.client.wire.Request;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * One execution, for looking at it and controlling it. Thread-safe. Every call throws {@link
 * dev.holdfast.api.NotFoundException} when there is no such execution.
 */
public final class ExecutionHandle {
  private final ExecutionKey key;
  private final Cluster cluster;
  private final Watches watches;

  /** What the start asked to be told; null: ask when somebody waits. */
  private volatile @Nullable CompletableFuture<ExecutionResult> expected;

  ExecutionHandle(
      ExecutionKey key,
      Cluster cluster,
      Watches watches,
      @Nullable CompletableFuture<ExecutionResult> expected) {
    this.key = key;
    this.cluster = cluster;
    this.watches = watches;
    this.expected = expected;
  }

  public String id() {
    return key.id();
  }

  /**
   * Waits for the end.
   *
   * @throws WaitTimeoutException when it does not come in time; the execution goes on
   */
  public ExecutionResult awaitResult(Duration timeout) {
    return Stages.await(
        awaitResultAsync()
            .toCompletableFuture()
            .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(failure -> {
              throw failure instanceof TimeoutException
                  ? new WaitTimeoutException(id(), timeout)
                  : new CompletionException(failure);
            }));
  }

  /** Completes at the end, however long that takes. The member tells; nothing is polled. */
  public CompletionStage<ExecutionResult> awaitResultAsync() {
    CompletableFuture<ExecutionResult> here = expected;
    return here == null ? watches.watch(id()) : here.copy();
  }

  /** How it stands now. */
  public ExecutionView view() {
    return Stages.await(viewAsync());
  }

  /** The asynchronous twin of {@link #view}. */
  public CompletionStage<ExecutionView> viewAsync() {
    return cluster.ask(new Request.GetExecution(id()), new TypeReference<>() {});
  }

  /** Its events after that number, at most {@code limit} of them, in order. */
  public List<HistoryEvent> history(long after, int limit) {
    return Stages.await(historyAsync(after, limit));
  }

  /** The asynchronous twin of {@link #history}. */
  public CompletionStage<List<HistoryEvent>> historyAsync(long after, int limit) {
    return cluster.ask(new Request.GetHistory(id(), after, limit), new TypeReference<>() {});
  }

  /** Stops handing out tasks and lets the running ones finish. */
  public void pause(@Nullable String reason) {
    pause(PauseMode.GRACEFUL, reason);
  }

  /**
   * Stops handing out tasks.
   *
   * @throws dev.holdfast.api.ConflictException when it has ended
   */
  public void pause(PauseMode mode, @Nullable String reason) {
    Stages.await(pauseAsync(mode, reason));
  }

  /** The asynchronous twin of {@link #pause(PauseMode, String)}. */
  public CompletionStage<Void> pauseAsync(PauseMode mode, @Nullable String reason) {
    return control(command -> new Request.Pause(id(), command, mode, reason));
  }

  /** Goes on from exactly where the pause stopped, if no warning speaks against it. */
  public void resume() {
    resume(null, false);
  }

  /**
   * Goes on from exactly where the pause stopped.
   *
   * @param force passes over warnings, never over errors
   * @throws dev.holdfast.api.ResumeRefusedException when something speaks against it, with every
   *     reason
   * @throws dev.holdfast.api.ConflictException when it is not paused
   */
  public void resume(@Nullable String reason, boolean force) {
    Stages.await(resumeAsync(reason, force));
  }

  /** The asynchronous twin of {@link #resume(String, boolean)}. */
  public CompletionStage<Void> resumeAsync(@Nullable String reason, boolean force) {
    return control(command -> new Request.Resume(id(), command, reason, force));
  }

  /**
   * Ends it now; running attempts are revoked.
   *
   * @throws dev.holdfast.api.ConflictException when it has ended otherwise
   */
  public void cancel(@Nullable String reason) {
    Stages.await(cancelAsync(reason));
  }

  /** The asynchronous twin of {@link #cancel}. */
  public CompletionStage<Void> cancelAsync(@Nullable String reason) {
    return control(command -> new Request.Cancel(id(), command, reason));
  }

  /** Runs a failed execution on from its failed tasks. */
  public void retry() {
    retry(null);
  }

  /**
   * Runs a failed execution on.
   *
   * @param task only this failed task and what follows from it; null: all that failed
   * @throws dev.holdfast.api.ConflictException when it has not failed
   */
  public void retry(@Nullable String task) {
    Stages.await(retryAsync(task));
  }

  /** The asynchronous twin of {@link #retry(String)}. */
  public CompletionStage<Void> retryAsync(@Nullable String task) {
    // The end that was expected is no longer the end.
    expected = null;
    return control(command -> new Request.Retry(id(), command, task));
  }

  /**
   * Lets it go on where it has been left standing, which should never be needed: lets follow what
   * follows from its state, and makes timers, queues and leases anew. Harmless otherwise.
   */
  public RepairResult repair() {
    return Stages.await(repairAsync());
  }

  /** The asynchronous twin of {@link #repair}. */
  public CompletionStage<RepairResult> repairAsync() {
    return cluster.ask(new Request.Repair(id()), new TypeReference<>() {});
  }

  /** Lets a task pass that awaits approval. */
  public void approve(String task) {
    approve(task, ApprovalOptions.NONE);
  }

  /**
   * Lets a task pass that awaits approval.
   *
   * @throws dev.holdfast.api.ConflictException when it awaits none, or was rejected
   * @throws dev.holdfast.api.HoldfastException when others decide on it
   */
  public void approve(String task, ApprovalOptions options) {
    Stages.await(approveAsync(task, options));
  }

  /** The asynchronous twin of {@link #approve(String, ApprovalOptions)}. */
  public CompletionStage<Void> approveAsync(String task, ApprovalOptions options) {
    return decide(task, true, options);
  }

  /**
   * Fails a task that awaits approval.
   *
   * @throws dev.holdfast.api.ConflictException when it awaits none, or was approved
   * @throws dev.holdfast.api.HoldfastException when others decide on it
   */
  public void reject(String task, ApprovalOptions options) {
    Stages.await(rejectAsync(task, options));
  }

  /** The asynchronous twin of {@link #reject}. */
  public CompletionStage<Void> rejectAsync(String task, ApprovalOptions options) {
    return decide(task, false, options);
  }

  private CompletionStage<Void> decide(String task, boolean approved, ApprovalOptions options) {
    return control(command ->
        new Request.Decide(
            id(),
            command,
            task,
            approved,
            options.roles(),
            options.reason(),
            JsonConversion.of(options.output())));
  }

  /** Tells it something that a task waits for, or will. */
  public void signal(String name, @Nullable Object payload) {
    signal(name, payload, UUID.randomUUID().toString());
  }

  /**
   * Tells it something that a task waits for, or will.
   *
   * @param payload a JSON value, or anything that Jackson writes as one
   * @param signalId tells a repeat, which changes nothing, from another signal
   * @throws dev.holdfast.api.ConflictException when it has ended
   * @throws dev.holdfast.api.HoldfastException when it keeps too many signals, or this is too large
   */
  public void signal(String name, @Nullable Object payload, String signalId) {
    Stages.await(signalAsync(name, payload, signalId));
  }

  /** The asynchronous twin of {@link #signal(String, Object, String)}. */
  public CompletionStage<Void> signalAsync(String name, @Nullable Object payload, String signalId) {
    var signal = new Request.Signal(id(), signalId, name, JsonConversion.of(payload));
    return cluster.command(signal).thenRun(() -> {});
  }

  private CompletionStage<Void> control(Function<String, Request.OfExecution> request) {
    return cluster.command(request.apply(UUID.randomUUID().toString())).thenRun(() -> {});
  }

  @Override
  public String toString() {
    return key.text();
  }
}
