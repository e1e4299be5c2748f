/** The bounded memory of events that streams resume from. */
@NullMarked
package dev.holdfast.gateway.stream;

import org.jspecify.annotations.NullMarked;
