/** Executions and definitions in PostgreSQL, shared by all members of a cluster. */
@NullMarked
package dev.holdfast.journal.postgres;

import org.jspecify.annotations.NullMarked;
