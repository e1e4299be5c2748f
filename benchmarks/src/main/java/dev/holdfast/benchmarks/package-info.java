/** Figures of the hot path: see {@code docs/PERFORMANCE.md} for the commands. */
@NullMarked
package dev.holdfast.benchmarks;

import org.jspecify.annotations.NullMarked;
