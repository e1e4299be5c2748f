package dev.holdfast.core;

import java.time.Instant;

/**
 * What the shell has to do once a transition's events are durable. Effects are derived from events
 * and can be done twice or lost: a member that comes to own an execution derives them anew.
 */
public sealed interface Effect {
  /** The task waits for an agent. */
  record OfferTask(String task) implements Effect {}

  /** The attempt goes to its worker. */
  record DeliverTask(String task, Attempt attempt) implements Effect {}

  /** The attempt has ended. {@code revoked}: its worker does not know yet and should stop. */
  record EndAttempt(String task, Attempt attempt, boolean revoked) implements Effect {}

  /** The task waits for the execution that is to carry it out. */
  record StartChild(String task) implements Effect {}

  /**
   * The attempt's child is to be there, in the condition in which its parent wants it.
   *
   * @param task of a schedule: the time that it is for
   * @param fresh the attempt has just begun, and no child was asked for yet
   */
  record HoldChild(String task, Attempt attempt, boolean fresh) implements Effect {}

  /** The attempt has ended before its child did, which is to be told what becomes of it. */
  record LeaveChild(String task, Attempt attempt) implements Effect {}

  /** The execution is a child that has ended, or is PAUSED. */
  record TellParent() implements Effect {}

  /** The execution is a child that goes on; its parent may have wished for something else. */
  record AskParent() implements Effect {}

  /** No task of the execution may be handed out any more: empty its place in the queues. */
  record WithdrawTasks() implements Effect {}

  /** {@code FireTimers} is wanted at this time or earlier. */
  record ArmTimer(Instant at) implements Effect {}

  /**
   * The execution has come to wait for a slot of its concurrency key, holds one, or has ended with
   * it: those who give them out are to know.
   */
  record ClaimSlot() implements Effect {}

  /** Which of the execution's tasks await approval has changed. */
  record ListApprovals() implements Effect {}

  /** The execution is a schedule, and one for this time is to be begun. */
  record BeginFiring(Instant scheduledAt) implements Effect {}

  /** The execution is a schedule, which has changed. */
  record ListSchedule() implements Effect {}

  /** The execution has ended: tell who waits, forget its timers, retire it from memory. */
  record EndExecution() implements Effect {}
}
