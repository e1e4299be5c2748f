/** Holdfast's own programs as child processes, for the bench and for tests that kill them. */
@NullMarked
package dev.holdfast.node.process;

import org.jspecify.annotations.NullMarked;
