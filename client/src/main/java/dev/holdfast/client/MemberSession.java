package dev.holdfast.client;

import dev.holdfast.client.wire.Request;
import dev.holdfast.client.wire.RequestBatch.Window;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one agent and one member have agreed on. The agent has put some of its places at the
 * member's disposal: each is either taken by a task that came from there, or is credit that the
 * member can use at any moment. Guarded by the agent's lock; {@link Places} keeps the books.
 *
 * <p>Two numbers that only grow carry credit to and fro, so that no message does harm by being
 * lost, late or repeated: the window (how many tasks may be assigned in all) and the number of the
 * newest recall. The member numbers what it assigns, so a push that was lost shows as a gap, and
 * its place is free again; therefore a push that comes after it was counted as lost must not be
 * taken any more. (The member sees from the beats that the task never came, and gives it to another
 * agent.)
 */
final class MemberSession {
  private static final long NOT_SENT = -1;

  final UUID member;

  /** Never used twice. */
  final long id;

  /** Whether pushes are known to arrive. */
  boolean open;

  /** Whether another session has taken its place, or its member has left. */
  boolean gone;

  /** Places at the member's disposal, those included whose window is still on its way. */
  int places;

  /** Of which so many are taken. */
  int held;

  /** Tasks that wait there for credit, as far as is known. */
  int wanted;

  /** When it was last given a place, by a count of all that were given. */
  long turn;

  /** Fewest unused places since the last look; what was never used isn't missed. */
  int leastUnused;

  /** It gave back less than was asked for: what seems unused has tasks on their way. */
  boolean exhausted;

  private long limit;
  private long limitSent = NOT_SENT;

  /** Number of the newest recall, and what it asked for; 0: it was answered. */
  private long recallNumber;

  private int recallMost;
  private boolean recallUnderWay;

  /** Its answer is so late that others are asked as well. */
  private boolean recallLate;

  /** Number of the newest task that came or was given up. */
  private long received;

  /** What the member said with the beat before; what is still missing at the next one is lost. */
  private long announced;

  MemberSession(UUID member, long id) {
    this.member = member;
    this.id = id;
  }

  /** Places that no task is known to have taken. */
  int unused() {
    return places - held;
  }

  /** How many more places it could use at once. */
  int need() {
    return open ? Math.max(0, wanted - unused()) : 0;
  }

  /** It has one more place. */
  void granted() {
    places++;
    limit++;
    exhausted = false;
  }

  /**
   * A task with this number has come.
   *
   * @return how many before it are missing, and lost; -1: it is not to be taken itself
   */
  int accept(long number) {
    if (number <= received) {
      return -1;
    }
    int missing = Math.toIntExact(number - received - 1);
    received = number;
    return missing;
  }

  /** A task of this session came, and takes a place. */
  void taken() {
    held++;
    wanted = Math.max(0, wanted - 1);
    leastUnused = Math.min(leastUnused, unused());
    exhausted = false;
  }

  /**
   * The member has assigned so many in all: gives up what was announced before and never came.
   *
   * @return how many those are
   */
  int assignedByMember(long count) {
    int missing = Math.toIntExact(Math.max(0, announced - received));
    received += missing;
    announced = count;
    exhausted = false;
    return missing;
  }

  /** Whether the member has not been told the newest window. */
  boolean hasNews() {
    return open && limit != limitSent;
  }

  /** The window if the member has not been told yet; it is told now. */
  @Nullable Window takeWindow() {
    if (!hasNews()) {
      return null;
    }
    limitSent = limit;
    return new Window(id, limit);
  }

  /** The member has to be told again. */
  void windowLost() {
    limitSent = NOT_SENT;
  }

  /** Whether a recall waits for its answer. */
  boolean isRecalling() {
    return recallMost > 0;
  }

  /** What may soon come back. */
  int expected() {
    return recallLate ? 0 : recallMost;
  }

  /** The answer to a recall, if one waits, has had time enough to come. */
  void recallLate() {
    recallLate = isRecalling();
  }

  /** Asks for so many places back; there must be no recall that waits for its answer. */
  Request.Recall recall(int most) {
    recallNumber++;
    recallMost = most;
    recallUnderWay = true;
    recallLate = false;
    return new Request.Recall(id, recallNumber, most);
  }

  /** The recall whose answer was lost, once more; null: there is none. */
  Request.@Nullable Recall recallAgain() {
    if (recallMost == 0 || recallUnderWay) {
      return null;
    }
    recallUnderWay = true;
    return new Request.Recall(id, recallNumber, recallMost);
  }

  /** No answer came: the recall may have worked or not. */
  void recallLost(long number) {
    if (number == recallNumber) {
      recallUnderWay = false;
    }
  }

  /**
   * The member has given back so many.
   *
   * @return how many of them are new
   */
  int recalled(long number, int credits) {
    if (number != recallNumber || recallMost == 0) {
      return 0;
    }
    exhausted = credits < recallMost;
    recallMost = 0;
    recallUnderWay = false;
    places -= credits;
    return credits;
  }
}
