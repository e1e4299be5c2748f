/**
 * Executions that carry out tasks of other executions: how parents and children hear of another.
 */
@NullMarked
package dev.holdfast.grid.kin;

import org.jspecify.annotations.NullMarked;
