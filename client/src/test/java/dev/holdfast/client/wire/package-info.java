@NullMarked
package dev.holdfast.client.wire;

import org.jspecify.annotations.NullMarked;
