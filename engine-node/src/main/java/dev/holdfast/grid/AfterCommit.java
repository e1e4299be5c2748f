package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Effect;
import dev.holdfast.core.Effects;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.grid.dispatch.AgentDispatcher;
import dev.holdfast.grid.eta.Etas;
import dev.holdfast.grid.kin.Kin;
import dev.holdfast.grid.reach.news.EndWaiters;
import dev.holdfast.grid.reach.news.EventHub;
import dev.holdfast.grid.slot.Slots;
import dev.holdfast.grid.summary.SummaryFeed;
import dev.holdfast.journal.Journal.DurableListener;
import dev.holdfast.journal.JournalEntry;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what follows from transitions once they are durable: offers, deliveries, timers, ends, and
 * the news of all that. Called by the journal's feed; {@link #takeOver} by any thread.
 */
final class AfterCommit implements DurableListener {
  private static final Logger LOG = LoggerFactory.getLogger(AfterCommit.class);

  private final AgentDispatcher dispatcher;
  private final ExecutionTimers timers;
  private final EventHub events;
  private final EndWaiters ends;
  private final Retirements retirements;
  private final PendingApprovals approvals;
  private final KnownSchedules schedules;
  private final EngineStats stats;
  private final Predicate<ExecutionKey> isOwned;
  private final SummaryFeed summaries;
  private final Etas etas;
  private final Kin kin;
  private final Slots slots;

  /**
   * @param isOwned whether what follows for the execution is this member's business; where not, its
   *     owner derives it from the state
   */
  AfterCommit(
      AgentDispatcher dispatcher,
      ExecutionTimers timers,
      EventHub events,
      EndWaiters ends,
      Retirements retirements,
      PendingApprovals approvals,
      KnownSchedules schedules,
      EngineStats stats,
      Predicate<ExecutionKey> isOwned,
      SummaryFeed summaries,
      Etas etas,
      Kin kin,
      Slots slots) {
    this.dispatcher = dispatcher;
    this.timers = timers;
    this.events = events;
    this.ends = ends;
    this.retirements = retirements;
    this.approvals = approvals;
    this.schedules = schedules;
    this.stats = stats;
    this.isOwned = isOwned;
    this.summaries = summaries;
    this.etas = etas;
    this.kin = kin;
    this.slots = slots;
  }

  @Override
  public void onDurable(List<JournalEntry.Content> batch) {
    for (JournalEntry.Content content : batch) {
      try {
        follow(content);
      } catch (RuntimeException e) {
        LOG.error("effects of {} from seq {} failed", content.key(), content.fromSeq(), e);
      }
    }
    dispatcher.flush();
  }

  private void follow(JournalEntry.Content content) {
    ExecutionState state = content.after();
    if (isOwned.test(content.key())) {
      for (Effect effect : Effects.of(state, content.events())) {
        perform(state, effect);
      }
      if (!content.key().isInternal()) {
        if (state.status().isEnded()) {
          stats.ended(state.status().name());
        }
        summaries.changed(state, content.fromSeq() == 1);
      }
      etas.learn(state, content.events());
    }
    events.publish(content);
  }

  /** The execution has come to this member without its events being decided here. */
  void takeOver(ExecutionState state) {
    if (!state.key().isInternal()) {
      summaries.changed(state, false);
    }
    for (Effect effect : Effects.recover(state)) {
      if (effect instanceof Effect.DeliverTask delivery) {
        dispatcher.recovered(state, delivery.task(), delivery.attempt());
      } else {
        perform(state, effect);
      }
    }
  }

  /** These executions are another member's business from now on. */
  void drop(Predicate<ExecutionKey> moved) {
    timers.drop(moved);
    retirements.drop(moved);
    approvals.drop(moved);
    schedules.drop(moved);
    kin.drop(moved);
    slots.drop(moved);
  }

  private void perform(ExecutionState state, Effect effect) {
    switch (effect) {
      case Effect.OfferTask offer -> dispatcher.offer(state, offer.task());
      case Effect.DeliverTask delivery ->
          dispatcher.started(state, delivery.task(), delivery.attempt());
      case Effect.EndAttempt end -> dispatcher.ended(end.attempt(), end.revoked());
      case Effect.WithdrawTasks _ -> dispatcher.withdraw(state.key());
      case Effect.ArmTimer timer -> timers.arm(state.key(), timer.at());
      case Effect.ListApprovals _ -> approvals.changed(state);
      case Effect.StartChild start -> kin.start(state, start.task());
      case Effect.HoldChild hold -> kin.tend(state, hold.task(), hold.attempt(), hold.fresh());
      case Effect.LeaveChild leave -> kin.tend(state, leave.task(), leave.attempt(), false);
      case Effect.ClaimSlot _ -> slots.claimed(state);
      case Effect.TellParent _ -> kin.tellParent(state);
      case Effect.AskParent _ -> kin.askParent(state);
      case Effect.BeginFiring begin -> kin.begin(state, begin.scheduledAt());
      case Effect.ListSchedule _ -> schedules.changed(state);
      case Effect.EndExecution _ -> ended(state);
    }
  }

  private void ended(ExecutionState state) {
    timers.disarm(state.key());
    retirements.add(state.key());
    approvals.ended(state.key());
    schedules.ended(state.key());
    ends.ended(state);
  }
}
