/** Polls, heartbeats and agents of the whole cluster. */
@NullMarked
package dev.holdfast.grid.reach.work;

import org.jspecify.annotations.NullMarked;
