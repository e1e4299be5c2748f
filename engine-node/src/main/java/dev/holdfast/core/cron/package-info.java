/** When schedules are due. */
@NullMarked
package dev.holdfast.core.cron;

import org.jspecify.annotations.NullMarked;
