/** The main program as a whole. */
@NullMarked
package dev.holdfast.node;

import org.jspecify.annotations.NullMarked;
