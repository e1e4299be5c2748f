/** Observing the node: metrics, health, retention. */
@NullMarked
package dev.holdfast.ops;

import org.jspecify.annotations.NullMarked;
