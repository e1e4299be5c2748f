package dev.holdfast.core;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What somebody wants of a schedule. */
public sealed interface ScheduleCommand extends Command.OfSchedule {

  /**
   * Makes it what it is to be: begins it, changes it, or does nothing when it is that already.
   *
   * @param spec checked by {@link ScheduleCheck}
   */
  record SetSchedule(ExecutionKey key, ScheduleSpec spec, String by) implements ScheduleCommand {}

  /** Pauses it, lets it go on or deletes it. */
  record SwitchSchedule(String commandId, ScheduleStatus to, String by, @Nullable String reason)
      implements ScheduleCommand {}

  /**
   * Begins the execution for a time that waits, once its definition's version is known.
   *
   * @param nonce random
   * @param version newest of the definition, or the pinned one; 0: none is registered
   */
  record BeginFiring(Instant scheduledAt, long nonce, int version) implements ScheduleCommand {}
}
