/** What a node shows of itself, and what it removes. */
@NullMarked
package dev.holdfast.ops;

import org.jspecify.annotations.NullMarked;
