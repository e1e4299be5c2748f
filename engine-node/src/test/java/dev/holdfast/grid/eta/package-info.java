@NullMarked
package dev.holdfast.grid.eta;

import org.jspecify.annotations.NullMarked;
