package dev.holdfast.client;

import dev.holdfast.client.wire.RequestBatch.Window;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one agent and one member have agreed on: how many tasks the member may assign. Guarded by
 * the agent's lock.
 *
 * <p>The window begins with the agent's share of concurrency and grows by one with each task that
 * is through. A push that was lost does not count here: the member sees from the beats that the
 * task never came, and takes that credit back by itself. Therefore a push that comes after it was
 * counted as lost must not be taken any more, or its credit would be there twice.
 */
final class MemberSession {
  private static final long NOT_SENT = -1;

  final UUID member;

  /** Never used twice. */
  final long id;

  /** Whether pushes are known to arrive. */
  boolean open;

  private int share;
  private long limit;
  private long limitSent = NOT_SENT;

  /** By how much the window has to shrink as tasks end, since a grant can't be taken back. */
  private int excess;

  /** Number of the newest task that came or was given up. */
  private long received;

  /** What the member said with the beat before; what is still missing at the next one is lost. */
  private long announced;

  /**
   * @param share the agent's tasks at once by this member
   * @param alreadyHeld of which it holds so many from before
   */
  MemberSession(UUID member, long id, int share, int alreadyHeld) {
    this.member = member;
    this.id = id;
    this.share = share;
    this.limit = Math.max(0, share - alreadyHeld);
    this.excess = Math.max(0, alreadyHeld - share);
  }

  int share() {
    return share;
  }

  void share(int value) {
    int growth = value - share;
    share = value;
    if (growth < 0) {
      excess -= growth;
    } else {
      int absorbed = Math.min(excess, growth);
      excess -= absorbed;
      limit += growth - absorbed;
    }
  }

  /** A task of this session is through: the member may assign another one. */
  void released() {
    if (excess > 0) {
      excess--;
    } else {
      limit++;
    }
  }

  /** Whether a task with this number is to be taken; counts it, and what is missing before it. */
  boolean accept(long number) {
    if (number <= received) {
      return false;
    }
    received = number;
    return true;
  }

  /** The member has assigned so many in all: gives up what was announced before and never came. */
  void assignedByMember(long count) {
    received = Math.max(received, announced);
    announced = count;
  }

  /** The window if the member has not been told yet; it is told now. */
  @Nullable Window takeWindow() {
    if (!open || limit == limitSent) {
      return null;
    }
    limitSent = limit;
    return new Window(id, limit);
  }

  /** The member has to be told again. */
  void windowLost() {
    limitSent = NOT_SENT;
  }
}
