/** What users of Holdfast hold: ids, statuses, execution views, task context, exceptions. */
@NullMarked
package dev.holdfast.api;

import org.jspecify.annotations.NullMarked;
