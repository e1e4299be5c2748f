package dev.holdfast.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled JSON Schema. Pure and thread-safe. */
@FunctionalInterface
public interface SchemaCheck {
  /** Lets everything pass. */
  SchemaCheck NONE = value -> List.of();

  /** What is wrong with the value, one sentence each with its path; empty when it fits. */
  List<String> violations(@Nullable Object value);
}
