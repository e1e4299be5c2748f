/** HTTP in, command out. */
@NullMarked
package dev.holdfast.gateway;

import org.jspecify.annotations.NullMarked;
