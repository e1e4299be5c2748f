@NullMarked
package dev.holdfast.grid.slot;

import org.jspecify.annotations.NullMarked;
