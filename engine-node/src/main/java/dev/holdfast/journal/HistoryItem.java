package dev.holdfast.journal;

import dev.holdfast.core.Event;
import java.time.Instant;

/**
 * One event as the audit trail shows it.
 *
 * @param hash SHA-256 over the hash before and the event's bytes, 32 bytes; the first event's hash
 *     before is 32 zero bytes
 */
public record HistoryItem(long seq, Instant at, long epoch, Event event, byte[] hash) {}
