package dev.holdfast.core.cel;

import static java.util.Map.entry;

import dev.cel.common.CelOptions;
import dev.cel.common.Operator;
import dev.cel.common.values.CelByteString;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import dev.cel.runtime.CelInternalRuntimeLibrary;
import dev.cel.runtime.CelRuntimeBuilder;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import dev.cel.runtime.RuntimeEquality;
import dev.cel.runtime.standard.AddOperator.AddOverload;
import dev.cel.runtime.standard.BytesFunction.BytesOverload;
import dev.cel.runtime.standard.CelStandardOverload;
import dev.cel.runtime.standard.ContainsFunction.ContainsOverload;
import dev.cel.runtime.standard.EndsWithFunction.EndsWithOverload;
import dev.cel.runtime.standard.EqualsOperator.EqualsOverload;
import dev.cel.runtime.standard.GreaterEqualsOperator.GreaterEqualsOverload;
import dev.cel.runtime.standard.GreaterOperator.GreaterOverload;
import dev.cel.runtime.standard.InOperator.InOverload;
import dev.cel.runtime.standard.LessEqualsOperator.LessEqualsOverload;
import dev.cel.runtime.standard.LessOperator.LessOverload;
import dev.cel.runtime.standard.MatchesFunction.MatchesOverload;
import dev.cel.runtime.standard.NotEqualsOperator.NotEqualsOverload;
import dev.cel.runtime.standard.SizeFunction.SizeOverload;
import dev.cel.runtime.standard.StartsWithFunction.StartsWithOverload;
import dev.cel.runtime.standard.StringFunction.StringOverload;
import dev.holdfast.api.JsonValues;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * CEL's standard functions whose cost or result grows with their arguments, each charging the
 * {@link WorkBudget} before it runs. All others take constant time.
 */
final class MeteredFunctions implements CelInternalRuntimeLibrary {
  /** RE2 is linear, but takes this many times as long for a character as a plain comparison. */
  private static final int REGEX_FACTOR = 16;

  /** An item of a list takes a reference, and often an object. */
  private static final int ITEM_FACTOR = 4;

  /** The standard functions without those that are metered here. */
  static CelStandardFunctions others() {
    return CelStandardFunctions.newBuilder()
        .excludeFunctions(
            StandardFunction.ADD,
            StandardFunction.EQUALS,
            StandardFunction.NOT_EQUALS,
            StandardFunction.IN,
            StandardFunction.CONTAINS,
            StandardFunction.MATCHES,
            StandardFunction.SIZE,
            StandardFunction.STRING,
            StandardFunction.BYTES,
            StandardFunction.STARTS_WITH,
            StandardFunction.ENDS_WITH,
            StandardFunction.LESS,
            StandardFunction.LESS_EQUALS,
            StandardFunction.GREATER,
            StandardFunction.GREATER_EQUALS)
        .build();
  }

  @Override
  public void setRuntimeOptions(CelRuntimeBuilder builder) {
    throw new UnsupportedOperationException("needs the runtime's equality");
  }

  @Override
  public void setRuntimeOptions(
      CelRuntimeBuilder builder, RuntimeEquality equality, CelOptions options) {
    var metered =
        Map.<String, CelStandardOverload[]>ofEntries(
            entry(Operator.ADD.getFunction(), AddOverload.values()),
            entry(Operator.EQUALS.getFunction(), EqualsOverload.values()),
            entry(Operator.NOT_EQUALS.getFunction(), NotEqualsOverload.values()),
            entry(Operator.IN.getFunction(), InOverload.values()),
            entry(Operator.LESS.getFunction(), LessOverload.values()),
            entry(Operator.LESS_EQUALS.getFunction(), LessEqualsOverload.values()),
            entry(Operator.GREATER.getFunction(), GreaterOverload.values()),
            entry(Operator.GREATER_EQUALS.getFunction(), GreaterEqualsOverload.values()),
            entry("contains", ContainsOverload.values()),
            entry("startsWith", StartsWithOverload.values()),
            entry("endsWith", EndsWithOverload.values()),
            entry("matches", MatchesOverload.values()),
            entry("size", SizeOverload.values()),
            entry("string", StringOverload.values()),
            entry("bytes", BytesOverload.values()));
    metered.forEach((function, overloads) ->
        builder.addFunctionBindings(
            CelFunctionBinding.fromOverloads(
                function,
                Arrays.stream(overloads)
                    .map(overload -> metered(overload.newFunctionBinding(options, equality)))
                    .toList())));
  }

  private static CelFunctionBinding metered(CelFunctionBinding binding) {
    return switch (binding.getOverloadId()) {
      case "add_list" ->
          CelFunctionBinding.from("add_list", List.class, List.class, MeteredFunctions::addLists);
      case "equals", "not_equals", "in_list" ->
          charging(binding, args -> deepSize(args[0]) + deepSize(args[1]));
      case "matches", "matches_string" ->
          charging(binding, args -> REGEX_FACTOR * (textSize(args[0]) + textSize(args[1])));
      default -> {
        boolean sized = binding.getArgTypes().stream().anyMatch(MeteredFunctions::isText);
        yield sized ? charging(binding, MeteredFunctions::textSizes) : binding;
      }
    };
  }

  /** CEL calls functions of one and of two arguments without an array; these have no more. */
  private static CelFunctionBinding charging(CelFunctionBinding binding, Cost cost) {
    var definition = binding.getDefinition();
    var types = binding.getArgTypes();
    String id = binding.getOverloadId();
    return types.size() == 1
        ? unary(id, types.getFirst(), definition, cost)
        : binary(id, types.get(0), types.get(1), definition, cost);
  }

  private static <T> CelFunctionBinding unary(
      String id, Class<T> type, CelFunctionOverload definition, Cost cost) {
    return CelFunctionBinding.from(
        id,
        type,
        arg -> {
          Object[] args = {arg};
          WorkBudget.CURRENT.get().charge(1 + cost.of(args));
          return definition.apply(args);
        });
  }

  private static <A, B> CelFunctionBinding binary(
      String id, Class<A> first, Class<B> second, CelFunctionOverload definition, Cost cost) {
    return CelFunctionBinding.from(
        id,
        first,
        second,
        (one, other) -> {
          Object[] args = {one, other};
          WorkBudget.CURRENT.get().charge(1 + cost.of(args));
          return definition.apply(args);
        });
  }

  private static boolean isText(Class<?> type) {
    return type == String.class || type == CelByteString.class;
  }

  private static long textSizes(Object[] args) {
    long size = 0;
    for (Object arg : args) {
      size += textSize(arg);
    }
    return size;
  }

  private static long textSize(Object arg) {
    return switch (arg) {
      case String s -> s.length();
      case CelByteString bytes -> bytes.size();
      default -> 0;
    };
  }

  private static Object addLists(List<?> first, List<?> second) {
    WorkBudget.CURRENT.get().charge(1 + ITEM_FACTOR * ListSum.cost(first, second));
    return ListSum.of(first, second);
  }

  private static long deepSize(@Nullable Object arg) {
    return switch (arg) {
      case JsonBacked backed -> JsonValues.sizeBytes(backed.json());
      case Map<?, ?> map -> {
        long size = 1;
        for (var entry : map.entrySet()) {
          size += deepSize(entry.getKey()) + deepSize(entry.getValue());
        }
        yield size;
      }
      case Collection<?> list -> {
        long size = 1;
        for (Object item : list) {
          size += deepSize(item);
        }
        yield size;
      }
      case null -> 1;
      default -> textSize(arg);
    };
  }

  /** What a call costs. */
  @FunctionalInterface
  private interface Cost {
    long of(Object[] args);
  }
}
