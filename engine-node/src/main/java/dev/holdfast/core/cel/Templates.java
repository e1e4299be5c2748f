package dev.holdfast.core.cel;

import dev.holdfast.api.BlobRef;
import dev.holdfast.core.ExpressionException;
import dev.holdfast.core.LargeData;
import dev.holdfast.core.Scope;
import dev.holdfast.core.Template;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Templates by their shape. One evaluation shares one budget for the size of its result. */
public final class Templates {
  private Templates() {}

  /** A node of a template. Pure and thread-safe. */
  public sealed interface Node {}

  /** Always the same. */
  public record Constant(@Nullable Object value) implements Node {}

  /** The value of one expression, with its type. */
  public record Computed(CelExpression expression) implements Node {}

  /** Text with the values of expressions in it. */
  public record Interpolated(List<Node> parts) implements Node {
    public Interpolated {
      parts = List.copyOf(parts);
    }
  }

  /** A list of nodes. */
  public record Items(List<Node> items) implements Node {
    public Items {
      items = List.copyOf(items);
    }
  }

  /** An object of nodes. */
  public record Fields(Map<String, Node> fields) implements Node {
    public Fields {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
  }

  /** A string taken apart, or what is wrong with it. */
  public sealed interface Result {}

  /** It is good. */
  public record Compiled(Node node) implements Result {}

  /** It is not. */
  public record Refused(List<ExpressionProblem> problems) implements Result {}

  /** Compiles one string of a definition. Offsets of problems are into the string. */
  public static Result compile(String text, ExpressionScope scope) {
    TemplateText.Parsed parsed = TemplateText.parse(text);
    if (parsed.problem() != null) {
      return new Refused(List.of(parsed.problem()));
    }
    var problems = new ArrayList<ExpressionProblem>();
    var parts = new ArrayList<Node>();
    for (var piece : parsed.pieces()) {
      switch (piece) {
        case TemplateText.Literal literal -> parts.add(new Constant(literal.text()));
        case TemplateText.Code code -> {
          switch (CelExpression.compile(code.source(), scope)) {
            case CelExpression.Compiled c -> parts.add(new Computed(c.expression()));
            case CelExpression.Refused r ->
                r.problems().stream()
                    .map(p -> new ExpressionProblem(p.offset() + code.offset(), p.message()))
                    .forEach(problems::add);
          }
        }
      }
    }
    return problems.isEmpty() ? new Compiled(node(parts)) : new Refused(problems);
  }

  /**
   * The one expression that the string consists of, space around it aside; null when it is anything
   * else.
   */
  public static @Nullable CelExpression single(Node node) {
    return node instanceof Computed computed ? computed.expression() : null;
  }

  private static Node node(List<Node> parts) {
    List<Node> solid = parts.stream().filter(part -> !isSpace(part)).toList();
    if (solid.size() == 1 && solid.getFirst() instanceof Computed computed) {
      return computed;
    }
    if (parts.stream().allMatch(Constant.class::isInstance)) {
      return new Constant(
          parts.stream()
              .map(part -> (String) ((Constant) part).value())
              .reduce("", String::concat));
    }
    return new Interpolated(parts);
  }

  private static boolean isSpace(Node part) {
    return part instanceof Constant(String text) && text.isBlank();
  }

  /** An object of these; constant when all of them are. */
  public static Node fields(Map<String, Node> fields) {
    if (!fields.values().stream().allMatch(Constant.class::isInstance)) {
      return new Fields(fields);
    }
    var values = new LinkedHashMap<String, @Nullable Object>();
    fields.forEach((name, node) -> values.put(name, ((Constant) node).value()));
    return new Constant(Collections.unmodifiableMap(values));
  }

  /** A list of these; constant when all of them are. */
  public static Node items(List<Node> items) {
    if (!items.stream().allMatch(Constant.class::isInstance)) {
      return new Items(items);
    }
    var values = new ArrayList<@Nullable Object>();
    items.forEach(node -> values.add(((Constant) node).value()));
    return new Constant(Collections.unmodifiableList(values));
  }

  /** The template that begins at this node. */
  public static Template template(Node root) {
    return root instanceof Constant constant
        ? scope -> constant.value()
        : scope -> evaluate(root, scope, new SizeBudget());
  }

  private static @Nullable Object evaluate(Node node, Scope scope, SizeBudget budget) {
    return switch (node) {
      case Constant constant -> {
        budget.charge(constant.value());
        yield constant.value();
      }
      case Computed computed -> computed.expression().evaluate(scope, budget);
      case Interpolated text -> interpolate(text, scope, budget);
      case Items list -> {
        var values = new ArrayList<@Nullable Object>(list.items().size());
        budget.charge(2L + list.items().size());
        list.items().forEach(item -> values.add(evaluate(item, scope, budget)));
        yield Collections.unmodifiableList(values);
      }
      case Fields object -> {
        var values =
            LinkedHashMap.<String, @Nullable Object>newLinkedHashMap(object.fields().size());
        budget.charge(2);
        object
            .fields()
            .forEach((name, field) -> {
              budget.charge(name.length() + 4L);
              values.put(name, evaluate(field, scope, budget));
            });
        yield Collections.unmodifiableMap(values);
      }
    };
  }

  private static String interpolate(Interpolated template, Scope scope, SizeBudget budget) {
    var text = new StringBuilder();
    for (Node part : template.parts()) {
      Object value = evaluate(part, scope, budget);
      if (part instanceof Computed(CelExpression expression)
          && value instanceof Map<?, ?> map
          && BlobRef.isReference(map)) {
        throw new ExpressionException(
            expression + " can't be part of a text: " + LargeData.unreadable(map));
      }
      text.append(value instanceof String string ? string : JsonText.of(value));
    }
    return text.toString();
  }
}
