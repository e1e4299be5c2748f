package dev.holdfast.gateway.json;

import dev.holdfast.api.Durations;
import dev.holdfast.core.Limits;
import dev.holdfast.gateway.problem.Problem;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the fields of a request's body one by one and gathers what is wrong with them, so that the
 * answer names every error at once. A null in JSON counts as a field that is not there.
 */
public final class Fields {
  private final Map<String, @Nullable Object> object;
  private final String prefix;
  private final List<Problem.Fault> faults;

  private Fields(Map<String, @Nullable Object> object, String prefix, List<Problem.Fault> faults) {
    this.object = object;
    this.prefix = prefix;
    this.faults = faults;
  }

  /** The fields of a body, of which only the known ones are allowed. */
  public static Fields of(Map<String, @Nullable Object> object, Set<String> known) {
    var fields = new Fields(object, "", new ArrayList<>());
    fields.refuseUnknown(known);
    return fields;
  }

  private void refuseUnknown(Set<String> known) {
    for (String name : object.keySet()) {
      if (!known.contains(name)) {
        fault(name, "is not a field of this request; its fields are " + sorted(known));
      }
    }
  }

  private static String sorted(Set<String> names) {
    return String.join(", ", names.stream().sorted().toList());
  }

  /** Notes an error of one field. */
  public void fault(String name, String message) {
    faults.add(new Problem.Fault(prefix + name, prefix + name + ' ' + message));
  }

  /**
   * @throws ProblemException when there were errors so far
   */
  public void check() {
    if (!faults.isEmpty()) {
      throw new ProblemException(
          new Problem(ProblemKind.INVALID_REQUEST, faults.getFirst().message(), faults));
    }
  }

  /** Any value; null when it is not there. */
  public @Nullable Object value(String name) {
    return object.get(name);
  }

  /** A text of at most {@link Limits#LABEL_CHARS_MAX} characters; null when it is not there. */
  public @Nullable String text(String name) {
    return text(name, Limits.LABEL_CHARS_MAX);
  }

  /** A text of at most so many characters; null when it is not there. */
  public @Nullable String text(String name, int charsMax) {
    return switch (object.get(name)) {
      case null -> null;
      case String text when text.length() <= charsMax -> text;
      case String text -> {
        fault(name, "is longer than " + charsMax + " characters");
        yield null;
      }
      default -> {
        fault(name, "must be a string");
        yield null;
      }
    };
  }

  /** A text that has to be there and not be empty; the empty text after noting its absence. */
  public String required(String name) {
    String text = text(name);
    if (text == null || text.isEmpty()) {
      if (text != null || object.get(name) == null) {
        fault(name, "is required");
      }
      return "";
    }
    return text;
  }

  /** An integer of the range; the default when it is not there. */
  public int integer(String name, int min, int max, int byDefault) {
    return switch (object.get(name)) {
      case null -> byDefault;
      case Long number when number >= min && number <= max -> number.intValue();
      default -> {
        fault(name, "must be an integer from " + min + " to " + max);
        yield byDefault;
      }
    };
  }

  /** A number; null when it is not there. */
  public @Nullable Double number(String name) {
    return switch (object.get(name)) {
      case null -> null;
      case Long number -> number.doubleValue();
      case Double number -> number;
      default -> {
        fault(name, "must be a number");
        yield null;
      }
    };
  }

  /** True or false; the default when it is not there. */
  public boolean flag(String name, boolean byDefault) {
    return switch (object.get(name)) {
      case null -> byDefault;
      case Boolean flag -> flag;
      default -> {
        fault(name, "must be true or false");
        yield byDefault;
      }
    };
  }

  /** A duration up to {@link Limits#DURATION_MAX}; null when it is not there. */
  public @Nullable Duration duration(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    try {
      Duration duration = Durations.parse(text);
      if (duration.compareTo(Limits.DURATION_MAX) > 0) {
        fault(name, "is longer than " + Limits.DURATION_MAX);
        return null;
      }
      return duration;
    } catch (IllegalArgumentException e) {
      fault(name, "is " + e.getMessage());
      return null;
    }
  }

  /** An object of strings within {@link Limits}; empty when it is not there. */
  public Map<String, String> labels(String name) {
    Object value = object.get(name);
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof Map<?, ?> map)) {
      fault(name, "must be an object of strings");
      return Map.of();
    }
    if (map.size() > Limits.ATTRIBUTES_MAX) {
      fault(name, "has more than " + Limits.ATTRIBUTES_MAX + " entries");
      return Map.of();
    }
    var labels = new LinkedHashMap<String, String>();
    map.forEach((key, item) -> {
      if (item instanceof String text && isLabel(text) && isLabel(key.toString())) {
        labels.put(key.toString(), text);
      } else {
        fault(
            name + '.' + key,
            "must be a string, key and value of at most " + Limits.LABEL_CHARS_MAX + " characters");
      }
    });
    return labels;
  }

  /** A list of strings, 1 to so many; empty after noting what is wrong. */
  public List<String> names(String name, int countMax) {
    if (!(object.get(name) instanceof List<?> list)
        || list.isEmpty()
        || list.size() > countMax
        || !list.stream().allMatch(item -> item instanceof String text && isLabel(text))) {
      fault(name, "must be a list of 1 to " + countMax + " strings");
      return List.of();
    }
    return list.stream().map(Object::toString).toList();
  }

  /** The fields of each object of a list; empty when it is not there. Errors are gathered here. */
  public List<Fields> objects(String name, Set<String> known, int countMax) {
    Object value = object.get(name);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list) || list.size() > countMax) {
      fault(name, "must be a list of at most " + countMax + " objects");
      return List.of();
    }
    var objects = new ArrayList<Fields>();
    for (int i = 0; i < list.size(); i++) {
      String path = name + '[' + i + ']';
      if (list.get(i) instanceof Map<?, ?> map) {
        objects.add(inner(path, map, known));
      } else {
        fault(path, "must be an object");
      }
    }
    return objects;
  }

  /** The fields of an inner object; null when it is not there. Its errors are gathered here. */
  public @Nullable Fields inner(String name, Set<String> known) {
    Object value = object.get(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof Map<?, ?> map)) {
      fault(name, "must be an object");
      return null;
    }
    return inner(name, map, known);
  }

  private Fields inner(String path, Map<?, ?> map, Set<String> known) {
    var copy = new LinkedHashMap<String, @Nullable Object>();
    map.forEach((key, item) -> copy.put(key.toString(), item));
    var inner = new Fields(copy, prefix + path + '.', faults);
    inner.refuseUnknown(known);
    return inner;
  }

  private static boolean isLabel(String text) {
    return text.length() <= Limits.LABEL_CHARS_MAX;
  }
}
