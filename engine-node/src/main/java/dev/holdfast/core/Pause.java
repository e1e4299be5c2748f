package dev.holdfast.core;

import dev.holdfast.api.PauseMode;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A pause that is in force.
 *
 * @param remaining what was left of the workflow's time-out; counts on after the resume
 * @param autoResumeAt when it ends by itself
 * @param seq number of the event that asked for it
 * @param parentSeq of a child that its parent paused: the parent's number of the wish; else 0
 * @param parked whether what comes once nothing runs has begun
 */
public record Pause(
    PauseMode mode,
    String by,
    @Nullable String reason,
    Instant at,
    Duration remaining,
    Instant autoResumeAt,
    long seq,
    long parentSeq,
    boolean parked) {

  /**
   * What this event leads to.
   *
   * @param before the pause that is in force already, and goes on as this one; null: none
   * @param at when the event was
   * @param seq its number
   */
  static Pause requested(Event.PauseRequested event, @Nullable Pause before, Instant at, long seq) {
    return new Pause(
        event.mode(),
        event.by(),
        event.reason(),
        before == null ? at : before.at,
        event.remaining(),
        event.autoResumeAt(),
        seq,
        Following.wishedBy(event.commandId(), before),
        before != null && before.parked);
  }

  /** The same, asked for there. */
  public Pause at(long seqAsked, long parentSeqAsked) {
    return new Pause(
        mode, by, reason, at, remaining, autoResumeAt, seqAsked, parentSeqAsked, parked);
  }

  /** The same, of which what comes once nothing runs has begun. */
  public Pause parking() {
    return new Pause(mode, by, reason, at, remaining, autoResumeAt, seq, parentSeq, true);
  }
}
