package dev.holdfast.core.definition;

import dev.holdfast.core.Limits;
import dev.holdfast.core.cel.Suggestion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object of a definition. Reading a field checks its kind and range; what is
 * wrong goes to the {@link Problems}, and the field counts as absent then.
 */
final class FieldSet {
  private final String path;
  private final int line;
  private final int column;
  private final Map<String, SourceNode.Entry> entries = new HashMap<>();
  private final Problems problems;

  /**
   * @param line and column of what a missing field is reported at: the object's own key
   */
  FieldSet(
      SourceNode.Mapping mapping,
      String path,
      int line,
      int column,
      Set<String> known,
      Set<String> later,
      Problems problems) {
    this.path = path;
    this.line = line;
    this.column = column;
    this.problems = problems;
    for (var entry : mapping.entries()) {
      String key = entry.key();
      if (entries.putIfAbsent(key, entry) != null) {
        problem(entry, "'" + key + "' is given twice");
      } else if (later.contains(key)) {
        problem(entry, "'" + key + "' is not yet supported");
      } else if (!known.contains(key)) {
        problem(entry, "unknown field '" + key + "'" + Suggestion.of(key, known));
      }
    }
  }

  /** The fields of the object in this field; null when it is absent or something else. */
  static @Nullable FieldSet nested(
      FieldSet outer, String name, Set<String> known, Problems problems) {
    SourceNode.Entry entry = outer.entry(name);
    if (entry == null
        || !(outer.node(name, SourceNode.Mapping.class, "an object")
            instanceof SourceNode.Mapping mapping)) {
      return null;
    }
    return new FieldSet(
        mapping, outer.pathOf(name), entry.line(), entry.column(), known, Set.of(), problems);
  }

  Problems problems() {
    return problems;
  }

  String path() {
    return path;
  }

  String pathOf(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  boolean has(String name) {
    return entries.containsKey(name);
  }

  SourceNode.@Nullable Entry entry(String name) {
    return entries.get(name);
  }

  @Nullable SourceNode value(String name) {
    SourceNode.Entry entry = entries.get(name);
    return entry == null ? null : entry.value();
  }

  /** Something is wrong with the object as a whole. */
  void problemHere(String message) {
    problems.add(path, line, column, message);
  }

  /** Something is wrong with the value of this field, or with its absence. */
  void problem(String name, String message) {
    SourceNode value = value(name);
    if (value == null) {
      problems.add(path, line, column, message);
    } else {
      problems.add(pathOf(name), value, message);
    }
  }

  /** Something is wrong with the field's being there. */
  void problem(SourceNode.Entry entry, String message) {
    problems.add(pathOf(entry.key()), entry.line(), entry.column(), message);
  }

  /** These fields, where they are given, have no meaning here. */
  void misplaced(Set<String> names, String why) {
    names.stream()
        .map(entries::get)
        .filter(Objects::nonNull)
        .forEach(entry ->
            problems.addMisplaced(pathOf(entry.key()), entry, "'" + entry.key() + "' " + why));
  }

  <N extends SourceNode> @Nullable N node(String name, Class<N> kind, String expected) {
    SourceNode value = value(name);
    if (value == null || kind.isInstance(value)) {
      return kind.cast(value);
    }
    problem(name, "'" + name + "' must be " + expected + ", but is " + SourceNode.kind(value));
    return null;
  }

  private <T> @Nullable T scalar(
      String name, String expected, Function<@Nullable Object, Optional<T>> read) {
    SourceNode value = value(name);
    if (value == null) {
      return null;
    }
    Optional<T> result =
        value instanceof SourceNode.Scalar scalar ? read.apply(scalar.value()) : Optional.empty();
    if (result.isEmpty()) {
      problem(name, "'" + name + "' must be " + expected + ", but is " + shown(value));
    }
    return result.orElse(null);
  }

  private static String shown(SourceNode value) {
    if (value instanceof SourceNode.Scalar scalar && scalar.value() != null) {
      String text = scalar.value().toString();
      return "'" + (text.length() <= 60 ? text : text.substring(0, 60) + "…") + "'";
    }
    return SourceNode.kind(value);
  }

  /** Text of 1 to so many characters. */
  @Nullable String text(String name, int charsMax) {
    return scalar(
        name,
        "text of 1 to " + charsMax + " characters",
        v ->
            v instanceof String s && !s.isBlank() && s.length() <= charsMax
                ? Optional.of(s)
                : Optional.empty());
  }

  @Nullable String matching(String name, Pattern pattern) {
    return scalar(
        name,
        "text that matches " + pattern,
        v ->
            v instanceof String s && pattern.matcher(s).matches()
                ? Optional.of(s)
                : Optional.empty());
  }

  /** One of these words. */
  <T> @Nullable T word(String name, Map<String, T> words) {
    return scalar(
        name,
        "one of " + String.join(", ", words.keySet()),
        v -> v instanceof String s ? Optional.ofNullable(words.get(s)) : Optional.empty());
  }

  @Nullable Integer integer(String name, int min, int max) {
    return scalar(
        name,
        "a whole number from " + min + " to " + max,
        v ->
            v instanceof Long l && l >= min && l <= max
                ? Optional.of(l.intValue())
                : Optional.empty());
  }

  @Nullable Double number(String name, double min, double max) {
    return scalar(
        name,
        "a number from " + plain(min) + " to " + plain(max),
        v ->
            v instanceof Number n && n.doubleValue() >= min && n.doubleValue() <= max
                ? Optional.of(n.doubleValue())
                : Optional.empty());
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  /** More than nothing, at most {@link Limits#DURATION_MAX}. */
  @Nullable Duration duration(String name) {
    return scalar(
        name,
        Durations.FORM + ", more than 0 and at most " + Limits.DURATION_MAX.toDays() + "d",
        v ->
            v instanceof String s
                ? Durations.parse(s).filter(FieldSet::isInRange)
                : Optional.empty());
  }

  private static boolean isInRange(Duration duration) {
    return duration.isPositive() && duration.compareTo(Limits.DURATION_MAX) <= 0;
  }

  /** The texts of a list, each with its place; those that are not text or repeated are reported. */
  List<Located> texts(String name, String what) {
    var list = node(name, SourceNode.Sequence.class, "a list of " + what);
    if (list == null) {
      return List.of();
    }
    var seen = new HashSet<String>();
    var texts = new ArrayList<Located>();
    for (int i = 0; i < list.items().size(); i++) {
      SourceNode item = list.items().get(i);
      String itemPath = pathOf(name) + "[" + i + "]";
      if (!(item instanceof SourceNode.Scalar scalar && scalar.value() instanceof String text)) {
        problems.add(itemPath, item, "must be text, but is " + SourceNode.kind(item));
      } else if (!seen.add(text)) {
        problems.add(itemPath, item, "'" + text + "' is given twice");
      } else {
        texts.add(new Located(text, itemPath, item.line(), item.column()));
      }
    }
    return List.copyOf(texts);
  }

  /** A text and where it stands. */
  record Located(String text, String path, int line, int column) {}
}
