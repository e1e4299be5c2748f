/** A member's main program, its configuration and its wiring. */
@NullMarked
package dev.holdfast.node;

import org.jspecify.annotations.NullMarked;
