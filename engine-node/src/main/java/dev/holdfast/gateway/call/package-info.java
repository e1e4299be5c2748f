/** What every call of the HTTP API has: its caller, its parameters, its body and its answer. */
@NullMarked
package dev.holdfast.gateway.call;

import org.jspecify.annotations.NullMarked;
