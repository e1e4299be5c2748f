/** Commands of the launcher as processes. */
@NullMarked
package dev.holdfast.node.process;

import org.jspecify.annotations.NullMarked;
