@NullMarked
package dev.holdfast.core.definition;

import org.jspecify.annotations.NullMarked;
