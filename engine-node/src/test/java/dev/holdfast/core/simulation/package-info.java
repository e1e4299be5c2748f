/**
 * The deterministic simulator: a node, its journal, agents and clients on one thread, a virtual
 * clock, and faults from a seed.
 */
@NullMarked
package dev.holdfast.core.simulation;

import org.jspecify.annotations.NullMarked;
