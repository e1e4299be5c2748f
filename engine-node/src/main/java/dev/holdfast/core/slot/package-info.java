/** Who gets the slots of a concurrency key: pure, for whoever has asked all that claim one. */
@NullMarked
package dev.holdfast.core.slot;

import org.jspecify.annotations.NullMarked;
