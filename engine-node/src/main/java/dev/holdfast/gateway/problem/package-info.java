/** Refusals as RFC 9457 problem details. */
@NullMarked
package dev.holdfast.gateway.problem;

import org.jspecify.annotations.NullMarked;
