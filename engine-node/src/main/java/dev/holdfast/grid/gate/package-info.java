/** The member's side of the thin client: sessions of agents, pushes, and answers to questions. */
@NullMarked
package dev.holdfast.grid.gate;

import org.jspecify.annotations.NullMarked;
