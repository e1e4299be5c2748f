package dev.holdfast.core.definition;

import dev.holdfast.core.SchemaCheck;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compiles a field that holds a JSON Schema; what is wrong with it is reported in its place. */
final class SchemaField {
  private SchemaField() {}

  /** Lets everything pass when the field is absent or its schema is not valid. */
  static SchemaCheck read(FieldSet fields, String name, SchemaFactory schemas, Problems problems) {
    SourceNode schema = fields.value(name);
    if (schema == null) {
      return SchemaCheck.NONE;
    }
    try {
      return schemas.compile(SourceNode.toJson(schema));
    } catch (InvalidSchemaException e) {
      e.flaws().forEach(flaw -> report(schema, fields.pathOf(name), flaw, problems));
      return SchemaCheck.NONE;
    }
  }

  private static void report(
      SourceNode schema, String path, InvalidSchemaException.Flaw flaw, Problems problems) {
    SourceNode at = schema;
    var where = new StringBuilder(path);
    for (String step : flaw.path()) {
      SourceNode next = step(at, step);
      if (next == null) {
        break;
      }
      where.append(at instanceof SourceNode.Sequence ? "[" + step + "]" : "." + step);
      at = next;
    }
    problems.add(where.toString(), at, "not a valid JSON Schema: " + flaw.message());
  }

  private static @Nullable SourceNode step(SourceNode from, String step) {
    return switch (from) {
      case SourceNode.Scalar ignored -> null;
      case SourceNode.Mapping mapping ->
          mapping.entries().stream()
              .filter(entry -> entry.key().equals(step))
              .map(SourceNode.Entry::value)
              .findFirst()
              .orElse(null);
      case SourceNode.Sequence(List<SourceNode> items, int line, int column) ->
          step.matches("\\d{1,9}") && Integer.parseInt(step) < items.size()
              ? items.get(Integer.parseInt(step))
              : null;
    };
  }
}
