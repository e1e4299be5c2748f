/** The executions as rows for SQL, in a map of their own beside the states. */
@NullMarked
package dev.holdfast.grid.summary;

import org.jspecify.annotations.NullMarked;
