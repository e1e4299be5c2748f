package dev.holdfast.core.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.compiler.CelCompiler;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.Program;
import dev.holdfast.core.Expression;
import dev.holdfast.core.ExpressionException;
import dev.holdfast.core.Limits;
import dev.holdfast.core.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A CEL expression, parsed, type-checked and planned. */
public final class CelExpression implements Expression {
  private static final Pattern EVALUATION_PREFIX =
      Pattern.compile("^evaluation error( at <input>:\\d+)?: ");
  private static final int MESSAGE_CHARS_MAX = 300;

  private final String source;
  private final CelType type;
  private final Program program;
  private final List<List<String>> paths;

  private CelExpression(String source, CelType type, Program program, List<List<String>> paths) {
    this.source = source;
    this.type = type;
    this.program = program;
    this.paths = paths;
  }

  /** An expression, or what is wrong with it. */
  public sealed interface Result {}

  /** It is good. */
  public record Compiled(CelExpression expression) implements Result {}

  /** It is not. */
  public record Refused(List<ExpressionProblem> problems) implements Result {}

  /**
   * Compiles what stands between <code>${</code> and <code>}</code>.
   *
   * @return with offsets into {@code text} for problems
   */
  public static Result compile(String text, ExpressionScope scope) {
    String source = text.strip();
    int indent = text.indexOf(source);
    if (source.isEmpty()) {
      return refused(0, "the expression is empty");
    }
    if (source.codePointCount(0, source.length()) > Limits.EXPRESSION_CHARS_MAX) {
      return refused(
          indent, "the expression is longer than " + Limits.EXPRESSION_CHARS_MAX + " characters");
    }
    CelCompiler compiler = CelCompilers.of(scope);
    try {
      CelValidationResult parsed = compiler.parse(source);
      if (parsed.hasError()) {
        return refused(source, indent, parsed);
      }
      References references = References.of(parsed.getAst(), scope);
      if (!references.problems().isEmpty()) {
        return new Refused(
            references.problems().stream()
                .map(p -> new ExpressionProblem(chars(source, p.offset()) + indent, p.message()))
                .toList());
      }
      CelValidationResult checked = compiler.check(parsed.getAst());
      if (checked.hasError()) {
        return refused(source, indent, checked);
      }
      return new Compiled(planned(source, checked.getAst(), references));
    } catch (CelValidationException | CelEvaluationException e) {
      return refused(indent, message(e));
    }
  }

  private static CelExpression planned(
      String source, CelAbstractSyntaxTree tree, References references)
      throws CelEvaluationException {
    return new CelExpression(
        source, tree.getResultType(), CelCompilers.RUNTIME.createProgram(tree), references.paths());
  }

  private static Refused refused(int offset, String message) {
    return new Refused(List.of(new ExpressionProblem(offset, message)));
  }

  private static Refused refused(String source, int indent, CelValidationResult result) {
    var problems = new ArrayList<ExpressionProblem>();
    for (CelIssue issue : result.getErrors()) {
      var at = issue.getSourceLocation();
      int codePoint = result.getSource().getLocationOffset(at).orElse(0);
      problems.add(
          new ExpressionProblem(
              chars(source, codePoint) + indent, CelMessages.readable(issue.getMessage())));
    }
    return new Refused(List.copyOf(problems));
  }

  /** CEL counts code points. */
  private static int chars(String source, int codePoint) {
    int all = source.codePointCount(0, source.length());
    return source.offsetByCodePoints(0, Math.clamp(codePoint, 0, all));
  }

  @Override
  public String source() {
    return source;
  }

  /** Whether the type checker takes its result for a boolean, or can't know. */
  public boolean canBeBoolean() {
    return type.kind() == CelKind.BOOL || type.kind() == CelKind.DYN;
  }

  /** Whether the type checker takes its result for a list, or can't know. */
  public boolean canBeList() {
    return type.kind() == CelKind.LIST || type.kind() == CelKind.DYN;
  }

  /** Its result's type as CEL writes it, such as {@code int}. */
  public String typeName() {
    return type.name();
  }

  @Override
  public @Nullable Object evaluate(Scope scope) {
    return evaluate(scope, new SizeBudget());
  }

  @Nullable Object evaluate(Scope scope, SizeBudget budget) {
    return CelValues.toJson(evaluateCel(new StateVariables(scope)), budget);
  }

  private Object evaluateCel(StateVariables variables) {
    var work = new WorkBudget();
    try {
      Object result =
          ScopedValue.where(WorkBudget.CURRENT, work).call(() -> program.eval(variables));
      if (work.isExhausted()) {
        throw new ExpressionException(about(WorkBudget.exhausted()));
      }
      return result;
    } catch (CelEvaluationException e) {
      throw new ExpressionException(about(message(e)), e);
    }
  }

  private String about(String what) {
    return "${" + shortened(source) + "}: " + what;
  }

  private static String message(Exception e) {
    String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return shortened(EVALUATION_PREFIX.matcher(text).replaceFirst(""));
  }

  private static String shortened(String text) {
    return text.length() <= MESSAGE_CHARS_MAX ? text : text.substring(0, MESSAGE_CHARS_MAX) + "…";
  }

  @Override
  public Map<String, @Nullable Object> reads(Scope scope) {
    var values = new LinkedHashMap<String, @Nullable Object>();
    for (var path : paths) {
      values.put(References.text(path), StateVariables.at(scope, path));
    }
    return Collections.unmodifiableMap(values);
  }

  @Override
  public String toString() {
    return "${" + source + "}";
  }
}
