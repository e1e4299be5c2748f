package dev.holdfast.core.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.CelOptions;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.holdfast.core.Limits;
import java.util.Optional;

/**
 * CEL as definitions use it: its options, types and limits. The same for every definition, because
 * which tasks and variables there are is checked on the syntax tree ({@link References}).
 */
final class CelCompilers {
  static final String TASK = "holdfast.Task";
  static final String EXECUTION = "holdfast.Execution";
  static final String SETUP = "holdfast.Setup";

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .maxExpressionCodePointSize(Limits.EXPRESSION_CHARS_MAX)
          .maxParseRecursionDepth(Limits.EXPRESSION_DEPTH_MAX)
          .maxParseExpressionNodeCount(Limits.EXPRESSION_NODES_MAX)
          .comprehensionMaxIterations(Limits.EXPRESSION_ITERATIONS_MAX)
          .enableHeterogeneousNumericComparisons(true)
          .maxRegexProgramSize(1000)
          .build();

  /** For all places but {@code set}. */
  private static final CelCompiler PLAIN = builder().build();

  /** For {@code set}, where the task's {@code output} is in scope. */
  private static final CelCompiler WITH_OUTPUT = builder().addVar("output", SimpleType.DYN).build();

  /** For the {@code input} of a {@code forEach}. */
  private static final CelCompiler WITH_ITEM =
      builder().addVar("item", SimpleType.DYN).addVar("index", SimpleType.INT).build();

  static final CelRuntime RUNTIME =
      CelRuntimeFactory.plannerRuntimeBuilder()
          .setOptions(OPTIONS)
          .setStandardFunctions(MeteredFunctions.others())
          .addLibraries(new MeteredFunctions())
          .build();

  private CelCompilers() {}

  static CelCompiler of(ExpressionScope scope) {
    if (scope.hasOutput()) {
      return WITH_OUTPUT;
    }
    return scope.hasItem() ? WITH_ITEM : PLAIN;
  }

  private static CelCompilerBuilder builder() {
    return CelCompilerFactory.standardCelCompilerBuilder()
        .setOptions(OPTIONS)
        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
        .setTypeProvider(new Types())
        .addVar("input", SimpleType.DYN)
        .addVar("signal", SimpleType.DYN)
        .addVar("vars", MapType.create(SimpleType.STRING, SimpleType.DYN))
        .addVar("tasks", MapType.create(SimpleType.STRING, StructTypeReference.create(TASK)))
        .addVar("setup", StructTypeReference.create(SETUP))
        .addVar("execution", StructTypeReference.create(EXECUTION));
  }

  /** The types of {@code tasks.<id>}, {@code setup} and {@code execution}. */
  private static final class Types implements CelTypeProvider {
    private final ImmutableMap<String, CelType> types =
        ImmutableMap.of(
            TASK,
            struct(
                TASK,
                ImmutableMap.of(
                    "output", SimpleType.DYN,
                    "status", SimpleType.STRING,
                    "error", SimpleType.DYN,
                    "spawned", MapType.create(SimpleType.STRING, SimpleType.DYN))),
            SETUP,
            struct(SETUP, ImmutableMap.of("output", SimpleType.DYN)),
            EXECUTION,
            struct(
                EXECUTION,
                ImmutableMap.of(
                    "id", SimpleType.STRING,
                    "definition", SimpleType.STRING,
                    "tenant", SimpleType.STRING,
                    "startedAt", SimpleType.TIMESTAMP,
                    "scheduledAt", SimpleType.TIMESTAMP)));

    private static StructType struct(String name, ImmutableMap<String, CelType> fields) {
      return StructType.create(
          name, fields.keySet(), field -> Optional.ofNullable(fields.get(field)));
    }

    @Override
    public ImmutableCollection<CelType> types() {
      return ImmutableList.copyOf(types.values());
    }

    @Override
    public Optional<CelType> findType(String name) {
      return Optional.ofNullable(types.get(name));
    }
  }
}
