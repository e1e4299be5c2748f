package dev.holdfast.core.simulation;

import dev.holdfast.core.Rejection;
import org.jspecify.annotations.Nullable;

/**
 * What a caller hears once all that it rests on is durable.
 *
 * @param refusal null: done
 * @param changed whether events followed
 */
record Reply(Rejection.@Nullable Code refusal, boolean changed) {
  boolean isDone() {
    return refusal == null;
  }
}
