@NullMarked
package dev.holdfast.core.cel;

import org.jspecify.annotations.NullMarked;
