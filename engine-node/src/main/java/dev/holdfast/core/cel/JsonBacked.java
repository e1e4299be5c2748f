package dev.holdfast.core.cel;

import org.jspecify.annotations.Nullable;

/** A CEL value that wraps a JSON value. */
interface JsonBacked {
  /** The value that it wraps. */
  @Nullable Object json();
}
