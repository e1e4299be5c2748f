package dev.holdfast.journal;

import dev.holdfast.core.ExecutionState;

/**
 * The value of the {@code executions} map.
 *
 * @param state the execution
 * @param hash the chain's head: the hash of the state's last event, 32 bytes
 * @param last the entry that carries the state's last event to the disk
 */
public record ExecutionEntry(ExecutionState state, byte[] hash, JournalEntry last) {}
