package dev.holdfast.journal.codec;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BiPredicate;
import tools.jackson.databind.JsonNode;

/** Finds where in a schema something stands that its validator complained of without a place. */
final class SchemaPlaces {
  private SchemaPlaces() {}

  /** Path of the first {@code pattern}, or key of {@code patternProperties}, that is this one. */
  static List<String> ofPattern(JsonNode schema, String regex) {
    return first(
        schema,
        (key, value) ->
            key.equals(regex)
                || (key.equals("pattern")
                    && value.isString()
                    && value.stringValue().equals(regex)));
  }

  /** Path of the first {@code $ref} that the message names; the schema's own when it names none. */
  static List<String> ofReferenceIn(JsonNode schema, String message) {
    return first(
        schema,
        (key, value) ->
            key.equals("$ref") && value.isString() && names(message, value.stringValue()));
  }

  /** Path of the first {@code $dynamicRef} that leads out of the schema; empty: there is none. */
  static List<String> ofDynamicReferenceOutside(JsonNode schema) {
    return first(
        schema,
        (key, value) ->
            key.equals("$dynamicRef") && value.isString() && !value.stringValue().startsWith("#"));
  }

  /** The message gives a reference within the schema without its number sign. */
  private static boolean names(String message, String reference) {
    String named = reference.startsWith("#") ? reference.substring(1) : reference;
    return !named.isEmpty() && message.contains(named);
  }

  private static List<String> first(JsonNode schema, BiPredicate<String, JsonNode> wanted) {
    var path = new ArrayDeque<String>();
    return find(schema, wanted, path) ? List.copyOf(path) : List.of();
  }

  private static boolean find(
      JsonNode node, BiPredicate<String, JsonNode> wanted, Deque<String> path) {
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        path.addLast(Integer.toString(i));
        if (find(node.get(i), wanted, path)) {
          return true;
        }
        path.removeLast();
      }
      return false;
    }
    for (var property : node.properties()) {
      path.addLast(property.getKey());
      if (wanted.test(property.getKey(), property.getValue())
          || find(property.getValue(), wanted, path)) {
        return true;
      }
      path.removeLast();
    }
    return false;
  }
}
