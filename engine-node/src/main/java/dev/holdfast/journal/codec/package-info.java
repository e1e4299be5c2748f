/** Events and states as bytes: CBOR, positional, versioned, hash-chained. */
@NullMarked
package dev.holdfast.journal.codec;

import org.jspecify.annotations.NullMarked;
