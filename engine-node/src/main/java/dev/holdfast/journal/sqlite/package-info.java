/** Executions and definitions in one SQLite file. */
@NullMarked
package dev.holdfast.journal.sqlite;

import org.jspecify.annotations.NullMarked;
