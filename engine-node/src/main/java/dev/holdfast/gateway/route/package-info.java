/** The calls of the HTTP API, one class a resource. */
@NullMarked
package dev.holdfast.gateway.route;

import org.jspecify.annotations.NullMarked;
