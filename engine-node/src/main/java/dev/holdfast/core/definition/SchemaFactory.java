package dev.holdfast.core.definition;

import dev.holdfast.core.SchemaCheck;
import org.jspecify.annotations.Nullable;

/** Compiles JSON Schemas (2020-12). Thread-safe. */
@FunctionalInterface
public interface SchemaFactory {
  /**
   * @param schema a JSON value
   * @throws InvalidSchemaException with everything that is wrong with it
   */
  SchemaCheck compile(@Nullable Object schema);
}
