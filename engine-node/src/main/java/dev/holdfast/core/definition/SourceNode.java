package dev.holdfast.core.definition;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A definition's text as a tree that knows where each part was written; the same for YAML and JSON.
 * Lines and columns count from 1.
 */
public sealed interface SourceNode {
  /** Where it begins. */
  int line();

  /** Where it begins. */
  int column();

  /** An object. Keys may be repeated here; that is for the compiler to refuse. */
  record Mapping(List<Entry> entries, int line, int column) implements SourceNode {
    public Mapping {
      entries = List.copyOf(entries);
    }
  }

  /** A key, where it stands, and its value. */
  record Entry(String key, int line, int column, SourceNode value) {}

  /** A list. */
  record Sequence(List<SourceNode> items, int line, int column) implements SourceNode {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /**
   * Anything else.
   *
   * @param value null, Boolean, Long, Double or String
   * @param textColumn where a string's first character stands when the string was written character
   *     by character on that one line, so that a place within it can be shown; 0: it was not
   */
  record Scalar(@Nullable Object value, int line, int column, int textColumn)
      implements SourceNode {}

  /** The tree as a JSON value, without places; of a repeated key the last one. */
  static @Nullable Object toJson(SourceNode node) {
    return switch (node) {
      case Scalar scalar -> scalar.value();
      case Sequence list -> {
        var items = new ArrayList<@Nullable Object>(list.items().size());
        list.items().forEach(item -> items.add(toJson(item)));
        yield Collections.unmodifiableList(items);
      }
      case Mapping mapping -> toJson(mapping);
    };
  }

  /** Like {@link #toJson(SourceNode)}, for an object. */
  static Map<String, @Nullable Object> toJson(Mapping mapping) {
    var fields = LinkedHashMap.<String, @Nullable Object>newLinkedHashMap(mapping.entries().size());
    mapping.entries().forEach(entry -> fields.put(entry.key(), toJson(entry.value())));
    return Collections.unmodifiableMap(fields);
  }

  /** What it is, for a message. */
  static String kind(SourceNode node) {
    return switch (node) {
      case Mapping ignored -> "an object";
      case Sequence ignored -> "a list";
      case Scalar scalar ->
          switch (scalar.value()) {
            case null -> "null";
            case String ignored -> "text";
            case Boolean ignored -> "a boolean";
            default -> "a number";
          };
    };
  }
}
