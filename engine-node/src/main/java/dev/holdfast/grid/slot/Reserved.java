package dev.holdfast.grid.slot;

import dev.holdfast.core.slot.SlotKey;

/**
 * A slot for an execution that is about to begin, good for a transition under this epoch.
 *
 * @param epoch under which the slots were counted
 */
public record Reserved(SlotKey key, long epoch) {}
