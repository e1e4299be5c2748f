/** The bench: a node and workers in processes of their own, a driver that measures and checks. */
@NullMarked
package dev.holdfast.node.bench;

import org.jspecify.annotations.NullMarked;
