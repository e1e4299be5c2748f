@NullMarked
package dev.holdfast.core.slot;

import org.jspecify.annotations.NullMarked;
