package dev.holdfast.grid.reach;

import com.hazelcast.core.HazelcastInstanceNotActiveException;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.grid.Approvals;
import dev.holdfast.grid.Dispatcher;
import dev.holdfast.grid.EventFeed;
import dev.holdfast.grid.KnownSchedules;
import dev.holdfast.grid.PendingApprovals;
import dev.holdfast.grid.Records;
import dev.holdfast.grid.dispatch.AgentDispatcher;
import dev.holdfast.grid.reach.news.EndWaiters;
import dev.holdfast.grid.reach.news.EventHub;
import dev.holdfast.grid.reach.news.Newsroom;
import dev.holdfast.grid.reach.records.ClusterApprovals;
import dev.holdfast.grid.reach.records.ClusterRecords;
import dev.holdfast.grid.reach.records.ClusterSchedules;
import dev.holdfast.grid.reach.records.StoreRecords;
import dev.holdfast.grid.reach.work.ClusterDispatcher;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.SharedStore;
import dev.holdfast.journal.StateStore;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one member offers of the whole cluster: records, agents and their work, events, and the ends
 * of executions, wherever they are owned (ADR 0024). Thread-safe.
 */
public final class Reach implements AutoCloseable {
  private static final long ROUND_MILLIS = 1000;
  private static final Logger LOG = LoggerFactory.getLogger(Reach.class);

  private final Records records;
  private final Approvals approvals;
  private final ClusterSchedules schedules;
  private final ClusterDispatcher dispatcher;
  private final Newsroom newsroom;
  private final ScheduledThreadPoolExecutor rounds;

  /**
   * What happens on this member.
   *
   * @param store this member's
   * @param events what becomes durable here
   * @param ends who waits here
   * @param approvals what waits here for a person
   * @param schedules those that are owned here
   * @param derived how far approvals and schedules are up to date
   * @param owned an execution that is owned here, as far as it is durable; blocks; throws what may
   *     pass where that can't be said at the moment
   */
  public record Here(
      StateStore store,
      AgentDispatcher dispatcher,
      EventHub events,
      EndWaiters ends,
      PendingApprovals approvals,
      KnownSchedules schedules,
      Derived derived,
      Function<ExecutionKey, Optional<ExecutionEntry>> owned) {}

  /**
   * Answers other members' questions from here on.
   *
   * @param find the execution as it is now, as far as it is durable, wherever it is owned; blocks
   */
  public Reach(
      Neighbours neighbours, Here here, Function<ExecutionKey, Optional<ExecutionState>> find) {
    this.records =
        here.store() instanceof SharedStore
            ? new StoreRecords(here.store())
            : new ClusterRecords(here.store(), neighbours, here.owned());
    this.approvals = new ClusterApprovals(here.approvals(), here.derived(), neighbours);
    this.schedules = new ClusterSchedules(here.schedules(), here.derived(), neighbours);
    this.dispatcher =
        new ClusterDispatcher(
            neighbours, here.dispatcher(), find, () -> ThreadLocalRandom.current().nextLong());
    this.newsroom =
        new Newsroom(
            neighbours, dispatcher.orders(), dispatcher.watch(), here.events(), here.ends(), find);
    this.rounds =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("holdfast-reach").unstarted(task));
    rounds.scheduleWithFixedDelay(this::round, ROUND_MILLIS, ROUND_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void round() {
    try {
      dispatcher.round();
      newsroom.round();
    } catch (HazelcastInstanceNotActiveException e) {
      LOG.debug("this member has left its cluster: there is nobody to talk to", e);
    } catch (RuntimeException e) {
      LOG.error("a round among the members failed, the next follows", e);
    }
  }

  /** Lists, histories and checkpoints of the whole cluster. */
  public Records records() {
    return records;
  }

  /** Tasks of the whole cluster that await approval. */
  public Approvals approvals() {
    return approvals;
  }

  /** Schedules of the whole cluster. */
  public ClusterSchedules schedules() {
    return schedules;
  }

  /** Agents and work of the whole cluster. */
  public Dispatcher dispatcher() {
    return dispatcher;
  }

  /** Events of the whole cluster. */
  public EventFeed events() {
    return newsroom.events();
  }

  /** Completes with the next end of the execution; cancel it to stop waiting. Never blocks. */
  public CompletableFuture<ExecutionState> nextEnd(ExecutionKey key) {
    return newsroom.ends().next(key);
  }

  /** Tells the others that this member leaves; to be called while it still can. */
  @Override
  public void close() {
    rounds.shutdownNow();
    newsroom.leave();
  }
}
