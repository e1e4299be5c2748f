/**
 * The pure heart: commands in, events out, state folded from events. No clock, randomness, I/O or
 * grid.
 */
@NullMarked
package dev.holdfast.core;

import org.jspecify.annotations.NullMarked;
