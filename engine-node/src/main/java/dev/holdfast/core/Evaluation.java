package dev.holdfast.core;

import dev.holdfast.api.TaskError;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evaluating a definition's expressions, with their failures as errors of tasks. */
final class Evaluation {
  private Evaluation() {}

  /**
   * @param where in the definition, for the error's text
   * @throws UnusableException when it fails on these values
   */
  static @Nullable Object of(String where, Template template, Scope scope)
      throws UnusableException {
    try {
      return template.evaluate(scope);
    } catch (ExpressionException e) {
      throw failed(where + ": " + e.getMessage());
    }
  }

  /**
   * Whether the condition holds.
   *
   * @throws UnusableException when it fails on these values, or gives something else
   */
  static boolean holds(String where, Expression condition, Scope scope) throws UnusableException {
    Object value;
    try {
      value = condition.evaluate(scope);
    } catch (ExpressionException e) {
      throw failed("%s ${%s}: %s".formatted(where, condition.source(), e.getMessage()));
    }
    if (value instanceof Boolean holds) {
      return holds;
    }
    throw failed(
        "%s ${%s} must be true or false, but is %s"
            .formatted(where, condition.source(), kindOf(value)));
  }

  static String kindOf(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String s -> "a string";
      case Number n -> "the number " + n;
      case Map<?, ?> m -> "an object";
      default -> "a list";
    };
  }

  static UnusableException failed(String message) {
    return new UnusableException(new TaskError(ErrorTypes.EXPRESSION, message));
  }

  /**
   * @throws UnusableException when a value of so many bytes is more than a payload may have
   */
  static void checkPayload(String what, long bytes) throws UnusableException {
    if (bytes > Limits.PAYLOAD_BYTES_MAX) {
      throw tooLarge(what, bytes, "PAYLOAD_BYTES_MAX", Limits.PAYLOAD_BYTES_MAX);
    }
  }

  /**
   * @param bytes of the whole execution, with what is checked
   * @throws UnusableException when that is more than an execution may have
   */
  static void checkState(String what, long bytes) throws UnusableException {
    if (bytes > Limits.STATE_BYTES_MAX) {
      throw tooLarge(
          "the execution, with " + what + ",", bytes, "STATE_BYTES_MAX", Limits.STATE_BYTES_MAX);
    }
  }

  private static UnusableException tooLarge(String what, long bytes, String limit, long bound) {
    String message = "%s would have %d bytes, %s is %d".formatted(what, bytes, limit, bound);
    return new UnusableException(new TaskError(ErrorTypes.LIMIT_EXCEEDED, message));
  }
}
