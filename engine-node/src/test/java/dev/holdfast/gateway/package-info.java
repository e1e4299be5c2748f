/** The HTTP API over real HTTP, against a real engine. */
@NullMarked
package dev.holdfast.gateway;

import org.jspecify.annotations.NullMarked;
