package dev.holdfast.core.cel;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.types.CelType;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.holdfast.api.JsonValues;
import dev.holdfast.core.ExpressionException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Between JSON values and the forms that CEL's runtime works on. */
final class CelValues {
  private CelValues() {}

  /** A JSON value for CEL; costs nothing that depends on its size. */
  @SuppressWarnings("unchecked")
  static Object toCel(@Nullable Object json) {
    return switch (json) {
      case null -> NullValue.NULL_VALUE;
      case Map<?, ?> map -> JsonMapValue.of((Map<String, @Nullable Object>) map);
      case List<?> list -> new JsonListValue((List<@Nullable Object>) list);
      default -> json;
    };
  }

  /**
   * CEL's result as an immutable JSON value. Points in time become RFC 3339 text, durations {@code
   * 1.5s}, bytes Base64.
   *
   * @param budget what it may take; charged while it is built, because a small result can stand for
   *     a huge one where parts of it are shared
   * @throws ExpressionException when JSON has no such value, or it is too large or too deep
   */
  static @Nullable Object toJson(@Nullable Object value, SizeBudget budget) {
    return toJson(value, budget, JsonValues.DEPTH_MAX);
  }

  private static @Nullable Object toJson(@Nullable Object value, SizeBudget budget, int depthLeft) {
    return switch (value) {
      case null -> charged(null, budget);
      case JsonBacked backed -> charged(backed.json(), budget);
      case String s -> charged(s, budget);
      case Long l -> charged(l, budget);
      case Boolean b -> charged(b, budget);
      case Double d -> charged(finite(d), budget);
      case NullValue ignored -> charged(null, budget);
      case com.google.protobuf.NullValue ignored -> charged(null, budget);
      case UnsignedLong u -> charged(signed(u), budget);
      case Instant at -> charged(at.toString(), budget);
      case Duration d -> charged(seconds(d), budget);
      case CelByteString bytes ->
          charged(Base64.getEncoder().encodeToString(bytes.toByteArray()), budget);
      case Map<?, ?> map -> toJsonMap(map, budget, depthLeft);
      case Collection<?> list -> toJsonList(list, budget, depthLeft);
      case CelType type ->
          throw new ExpressionException("the type " + type.name() + " is not a value for JSON");
      default -> throw new ExpressionException("the result is not a value for JSON");
    };
  }

  private static @Nullable Object charged(@Nullable Object json, SizeBudget budget) {
    budget.charge(json);
    return json;
  }

  private static Map<String, @Nullable Object> toJsonMap(
      Map<?, ?> map, SizeBudget budget, int depthLeft) {
    checkDepth(depthLeft);
    budget.charge(2);
    var copy = LinkedHashMap.<String, @Nullable Object>newLinkedHashMap(map.size());
    map.forEach((key, value) -> {
      if (!(key instanceof String name)) {
        throw new ExpressionException("a JSON object's key must be a string: " + key);
      }
      budget.charge(name.length() + 4L);
      copy.put(name, toJson(value, budget, depthLeft - 1));
    });
    return Collections.unmodifiableMap(copy);
  }

  private static List<@Nullable Object> toJsonList(
      Collection<?> list, SizeBudget budget, int depthLeft) {
    checkDepth(depthLeft);
    budget.charge(2);
    var copy = new ArrayList<@Nullable Object>();
    for (Object item : list) {
      budget.charge(1);
      copy.add(toJson(item, budget, depthLeft - 1));
    }
    return Collections.unmodifiableList(copy);
  }

  private static void checkDepth(int depthLeft) {
    if (depthLeft <= 0) {
      throw new ExpressionException(
          "the result is nested deeper than " + JsonValues.DEPTH_MAX + " levels");
    }
  }

  private static Double finite(Double number) {
    if (number.isNaN() || number.isInfinite()) {
      throw new ExpressionException("JSON has no number " + number);
    }
    return number;
  }

  private static Long signed(UnsignedLong number) {
    if (number.longValue() < 0) {
      throw new ExpressionException("integer beyond 63 bits: " + number);
    }
    return number.longValue();
  }

  private static String seconds(Duration duration) {
    var decimal =
        java.math.BigDecimal.valueOf(duration.getSeconds())
            .add(java.math.BigDecimal.valueOf(duration.getNano(), 9));
    return decimal.signum() == 0 ? "0s" : decimal.stripTrailingZeros().toPlainString() + "s";
  }
}
