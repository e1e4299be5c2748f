/** Expressions: CEL over an execution's state, and the templates that hold them. Pure. */
@NullMarked
package dev.holdfast.core.cel;

import org.jspecify.annotations.NullMarked;
