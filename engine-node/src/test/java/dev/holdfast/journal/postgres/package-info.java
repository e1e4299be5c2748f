/** PostgreSQL itself, and tests of the store on it. */
@NullMarked
package dev.holdfast.journal.postgres;

import org.jspecify.annotations.NullMarked;
