/** What members tell each other unasked: events, ends of executions, work that waits. */
@NullMarked
package dev.holdfast.grid.reach.news;

import org.jspecify.annotations.NullMarked;
