package dev.holdfast.core;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A compiled CEL expression. Pure, thread-safe, bounded in cost. */
public interface Expression {
  /** As it was written, without <code>${}</code>. */
  String source();

  /**
   * @return a JSON value ({@code JsonValues})
   * @throws ExpressionException when it fails on these values or costs more than it may
   */
  @Nullable Object evaluate(Scope scope);

  /** The paths that it reads, such as {@code vars.pages}, with their values; for the record. */
  Map<String, @Nullable Object> reads(Scope scope);
}
