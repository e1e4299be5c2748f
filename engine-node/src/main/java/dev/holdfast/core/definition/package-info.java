/** Definitions: from a located tree to a compiled plan, with every error and its place. Pure. */
@NullMarked
package dev.holdfast.core.definition;

import org.jspecify.annotations.NullMarked;
