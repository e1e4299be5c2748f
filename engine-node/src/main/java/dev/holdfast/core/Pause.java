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
 */
public record Pause(
    PauseMode mode,
    String by,
    @Nullable String reason,
    Instant at,
    Duration remaining,
    Instant autoResumeAt) {}
