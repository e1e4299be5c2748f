package dev.holdfast.core.definition;

import java.util.Set;

/** Tells the two meanings of a definition's {@code output} apart: a template, or a JSON Schema. */
final class OutputField {
  private static final Set<String> SCHEMA_KEYWORDS =
      Set.of(
          "$schema",
          "$id",
          "$ref",
          "$defs",
          "$comment",
          "$anchor",
          "$vocabulary",
          "$dynamicRef",
          "$dynamicAnchor",
          "type",
          "enum",
          "const",
          "title",
          "description",
          "default",
          "examples",
          "deprecated",
          "readOnly",
          "writeOnly",
          "format",
          "contentEncoding",
          "contentMediaType",
          "contentSchema",
          "allOf",
          "anyOf",
          "oneOf",
          "not",
          "if",
          "then",
          "else",
          "dependentSchemas",
          "dependentRequired",
          "properties",
          "patternProperties",
          "additionalProperties",
          "propertyNames",
          "unevaluatedProperties",
          "required",
          "minProperties",
          "maxProperties",
          "items",
          "prefixItems",
          "contains",
          "minContains",
          "maxContains",
          "unevaluatedItems",
          "minItems",
          "maxItems",
          "uniqueItems",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "pattern");

  private OutputField() {}

  /** An object that has nothing but keywords of JSON Schema and no <code>${</code> anywhere. */
  static boolean isSchema(SourceNode node) {
    return node instanceof SourceNode.Mapping mapping
        && !mapping.entries().isEmpty()
        && mapping.entries().stream().allMatch(entry -> SCHEMA_KEYWORDS.contains(entry.key()))
        && !hasExpression(node);
  }

  private static boolean hasExpression(SourceNode node) {
    return switch (node) {
      case SourceNode.Scalar scalar -> scalar.value() instanceof String text && text.contains("${");
      case SourceNode.Sequence list -> list.items().stream().anyMatch(OutputField::hasExpression);
      case SourceNode.Mapping mapping ->
          mapping.entries().stream().anyMatch(entry -> hasExpression(entry.value()));
    };
  }
}
