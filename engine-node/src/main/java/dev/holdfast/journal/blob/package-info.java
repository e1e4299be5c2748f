/** Data that executions have by reference, and where it is kept. */
@NullMarked
package dev.holdfast.journal.blob;

import org.jspecify.annotations.NullMarked;
