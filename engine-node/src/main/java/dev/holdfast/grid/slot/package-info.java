/**
 * The slots of concurrency keys: who holds one and who waits is part of executions' own states; who
 * is next is found out anew each time, by the one member that arbitrates a key.
 */
@NullMarked
package dev.holdfast.grid.slot;

import org.jspecify.annotations.NullMarked;
