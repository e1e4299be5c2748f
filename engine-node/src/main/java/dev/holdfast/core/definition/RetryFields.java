package dev.holdfast.core.definition;

import dev.holdfast.core.Limits;
import dev.holdfast.core.RetryPolicy;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code retry}. */
final class RetryFields {
  private static final Set<String> KNOWN =
      Set.of("maxAttempts", "initial", "factor", "max", "jitter", "nonRetryable");
  private static final double FACTOR_MAX = 100;

  private RetryFields() {}

  /** The policy of this object's {@code retry}; what it leaves out is as in {@code base}. */
  static RetryPolicy read(FieldSet owner, RetryPolicy base, Problems problems) {
    FieldSet fields = FieldSet.nested(owner, "retry", KNOWN, problems);
    if (fields == null) {
      return base;
    }
    Integer maxAttempts = fields.integer("maxAttempts", 1, Limits.ATTEMPTS_MAX);
    Duration initial = fields.duration("initial");
    Double factor = fields.number("factor", 1, FACTOR_MAX);
    Duration max = fields.duration("max");
    Double jitter = fields.number("jitter", 0, 1);
    if (initial == null) {
      initial = base.initial();
    }
    if (max != null && max.compareTo(initial) < 0) {
      fields.problem("max", "'max' must not be less than 'initial', which is " + initial);
    }
    if (max == null) {
      max = initial.compareTo(base.max()) > 0 ? initial : base.max();
    }
    return new RetryPolicy(
        maxAttempts == null ? base.maxAttempts() : maxAttempts,
        initial,
        factor == null ? base.factor() : factor,
        max,
        jitter == null ? base.jitter() : jitter,
        nonRetryable(fields, base));
  }

  private static Set<String> nonRetryable(FieldSet fields, RetryPolicy base) {
    return fields.has("nonRetryable")
        ? fields.texts("nonRetryable", "types of error").stream()
            .map(FieldSet.Located::text)
            .collect(Collectors.toUnmodifiableSet())
        : base.nonRetryable();
  }
}
