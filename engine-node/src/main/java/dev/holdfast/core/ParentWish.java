package dev.holdfast.core;

import dev.holdfast.api.PauseMode;
import java.time.Instant;

/** In what condition a parent wants its child to be. */
public sealed interface ParentWish {
  /** It is to go on, if its parent had paused it. */
  record Run() implements ParentWish {}

  /**
   * It is to pause.
   *
   * @param autoResumeAt when the parent goes on by itself
   */
  record Pause(PauseMode mode, Instant autoResumeAt) implements ParentWish {}

  /** It is to end. */
  record Cancel() implements ParentWish {}

  /** It goes on on its own from here. */
  record Release() implements ParentWish {}
}
