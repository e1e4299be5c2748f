package dev.holdfast.core;

import org.jspecify.annotations.Nullable;

/** A JSON value of a definition with <code>${…}</code> in its strings. Pure and thread-safe. */
public interface Template {
  /**
   * @return a JSON value ({@code JsonValues})
   * @throws ExpressionException as {@link Expression#evaluate}
   */
  @Nullable Object evaluate(Scope scope);
}
