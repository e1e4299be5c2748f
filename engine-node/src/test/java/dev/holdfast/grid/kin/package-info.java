@NullMarked
package dev.holdfast.grid.kin;

import org.jspecify.annotations.NullMarked;
