/** A running node: its parts, wired and started in order, and its data folder. */
@NullMarked
package dev.holdfast.node.server;

import org.jspecify.annotations.NullMarked;
