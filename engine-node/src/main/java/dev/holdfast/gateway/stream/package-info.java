/** Server-sent events: histories that go on live. */
@NullMarked
package dev.holdfast.gateway.stream;

import org.jspecify.annotations.NullMarked;
