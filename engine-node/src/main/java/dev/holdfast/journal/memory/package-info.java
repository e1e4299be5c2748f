/** A store that keeps nothing beyond the process. */
@NullMarked
package dev.holdfast.journal.memory;

import org.jspecify.annotations.NullMarked;
