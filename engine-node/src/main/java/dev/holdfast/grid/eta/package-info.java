/** When executions will have ended, by how long their tasks took before. */
@NullMarked
package dev.holdfast.grid.eta;

import org.jspecify.annotations.NullMarked;
