/** What members ask each other beside what Hazelcast does between them by itself. */
@NullMarked
package dev.holdfast.grid.peer;

import org.jspecify.annotations.NullMarked;
