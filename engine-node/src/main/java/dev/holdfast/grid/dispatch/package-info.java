/** Brings ready tasks and agents together: queues, sessions with credits, leases. */
@NullMarked
package dev.holdfast.grid.dispatch;

import org.jspecify.annotations.NullMarked;
