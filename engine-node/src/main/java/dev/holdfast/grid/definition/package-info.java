/** How definitions are kept, numbered and shared among members. */
@NullMarked
package dev.holdfast.grid.definition;

import org.jspecify.annotations.NullMarked;
