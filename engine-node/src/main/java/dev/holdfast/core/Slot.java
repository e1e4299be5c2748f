package dev.holdfast.core;

import java.time.Instant;

/**
 * An execution's place among those of its tenant and definition that have the same concurrency key.
 * Who is next is not known to it.
 *
 * @param key the value of the definition's {@code concurrencyKey} for this execution
 * @param limit how many may hold a slot at once
 * @param onLimit what it was to do where all are taken
 * @param since from when on it has waited, which is its rank
 * @param held whether it has been given the slot, which it holds until it has ended
 */
public record Slot(String key, int limit, OnLimit onLimit, Instant since, boolean held) {
  Slot given() {
    return new Slot(key, limit, onLimit, since, true);
  }
}
