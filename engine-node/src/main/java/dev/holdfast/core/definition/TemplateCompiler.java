package dev.holdfast.core.definition;

import dev.holdfast.core.Expression;
import dev.holdfast.core.Template;
import dev.holdfast.core.cel.CelExpression;
import dev.holdfast.core.cel.ExpressionProblem;
import dev.holdfast.core.cel.ExpressionScope;
import dev.holdfast.core.cel.Templates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compiles the expressions in one part of a definition; what is wrong is reported in its place. */
final class TemplateCompiler {
  private static final Templates.Node BROKEN = new Templates.Constant(null);

  private final ExpressionScope scope;
  private final Problems problems;

  TemplateCompiler(ExpressionScope scope, Problems problems) {
    this.scope = scope;
    this.problems = problems;
  }

  Template template(SourceNode node, String path) {
    return Templates.template(compile(node, path));
  }

  private Templates.Node compile(SourceNode node, String path) {
    return switch (node) {
      case SourceNode.Scalar scalar ->
          scalar.value() instanceof String text
              ? text(text, scalar, path)
              : new Templates.Constant(scalar.value());
      case SourceNode.Sequence list -> {
        var items = new ArrayList<Templates.Node>(list.items().size());
        for (int i = 0; i < list.items().size(); i++) {
          items.add(compile(list.items().get(i), path + "[" + i + "]"));
        }
        yield Templates.items(items);
      }
      case SourceNode.Mapping mapping -> {
        var fields = new LinkedHashMap<String, Templates.Node>();
        for (var entry : mapping.entries()) {
          String fieldPath = path + "." + entry.key();
          if (fields.put(entry.key(), compile(entry.value(), fieldPath)) != null) {
            problems.add(
                fieldPath, entry.line(), entry.column(), "'" + entry.key() + "' is given twice");
          }
        }
        yield Templates.fields(fields);
      }
    };
  }

  private Templates.Node text(String text, SourceNode.Scalar at, String path) {
    return switch (Templates.compile(text, scope)) {
      case Templates.Compiled compiled -> compiled.node();
      case Templates.Refused refused -> {
        report(refused.problems(), text, at, path);
        yield BROKEN;
      }
    };
  }

  /**
   * A condition: one <code>${…}</code> whose value is a boolean or can't be known beforehand.
   *
   * @return null when it is not
   */
  @Nullable Expression condition(SourceNode node, String path) {
    if (!(node instanceof SourceNode.Scalar scalar && scalar.value() instanceof String text)) {
      problems.add(
          path, node, "a condition must be text with one ${…}, but is " + SourceNode.kind(node));
      return null;
    }
    int before = problems.size();
    CelExpression expression = Templates.single(text(text, scalar, path));
    if (problems.size() > before) {
      return null;
    }
    if (expression == null) {
      problems.add(path, node, "a condition must be one ${…} and nothing else");
      return null;
    }
    if (!expression.canBeBoolean()) {
      problems.add(
          path, node, "a condition must be a boolean, but this one is " + expression.typeName());
      return null;
    }
    return expression;
  }

  /** A list, or one <code>${…}</code> whose value is a list or can't be known beforehand. */
  Template list(SourceNode node, String path) {
    Templates.Node compiled = compile(node, path);
    CelExpression expression = Templates.single(compiled);
    if (node instanceof SourceNode.Mapping || node instanceof SourceNode.Scalar) {
      if (expression == null && compiled != BROKEN) {
        problems.add(
            path,
            node,
            "must be a list or one ${…} that gives one, but is " + SourceNode.kind(node));
      } else if (expression != null && !expression.canBeList()) {
        problems.add(path, node, "must give a list, but this one is " + expression.typeName());
      }
    }
    return Templates.template(compiled);
  }

  private void report(
      List<ExpressionProblem> found, String text, SourceNode.Scalar at, String path) {
    for (ExpressionProblem problem : found) {
      if (at.textColumn() > 0) {
        problems.add(path, at.line(), at.textColumn() + problem.offset(), problem.message());
      } else {
        problems.add(path, at, problem.message() + place(text, problem.offset()));
      }
    }
  }

  /** Where in the text, for a text whose characters can't be told from the source's columns. */
  private static String place(String text, int offset) {
    String before = text.substring(0, Math.min(offset, text.length()));
    long line = before.lines().count() + (before.endsWith("\n") || before.isEmpty() ? 1 : 0);
    int column = before.length() - before.lastIndexOf('\n');
    return line == 1 && text.indexOf('\n') < 0
        ? " (character " + column + " of the text)"
        : " (line " + line + ", character " + column + " of the text)";
  }
}
