@NullMarked
package dev.holdfast.grid.quorum;

import org.jspecify.annotations.NullMarked;
