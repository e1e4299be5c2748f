/** The Hazelcast shell around the core: transitions, dispatch, timers, ownership. */
@NullMarked
package dev.holdfast.grid;

import org.jspecify.annotations.NullMarked;
