package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.JournalEntry;
import java.util.LinkedHashSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Has the backups asked again that have not confirmed what they should keep: they may be others by
 * now, or have missed it. On the ownership's thread.
 */
final class Nudging {
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  /** After members came or went many entries have a backup that missed them, and answers wait. */
  private static final long HURRY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long HURRIED_ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Executions of which the backup is asked again in one round. */
  private static final int EXECUTIONS_MAX = 500;

  private final MemberServices member;
  private final Consumer<ExecutionKey> affirm;
  private long epoch = Epochs.NONE;
  private long hurryUntilNanos = System.nanoTime();
  private long roundAtNanos = System.nanoTime();

  /**
   * @param affirm states an execution to its backup again
   */
  Nudging(MemberServices member, Consumer<ExecutionKey> affirm) {
    this.member = member;
    this.affirm = affirm;
  }

  /** Called with every look, while there is an epoch and another member. */
  void tick(long nowNanos) {
    long now = member.epochs().current();
    if (now != epoch) {
      epoch = now;
      hurryUntilNanos = nowNanos + HURRY_NANOS;
    }
    if (nowNanos - roundAtNanos >= 0) {
      boolean hurried = nowNanos - hurryUntilNanos < 0;
      roundAtNanos = nowNanos + (hurried ? HURRIED_ROUND_NANOS : ROUND_NANOS);
      round();
    }
  }

  private void round() {
    var keys = new LinkedHashSet<ExecutionKey>();
    for (JournalEntry entry : member.replication().overdue(member.journal())) {
      entry.unwritten().forEach(content -> keys.add(content.key()));
    }
    keys.stream().limit(EXECUTIONS_MAX).forEach(affirm);
  }
}
