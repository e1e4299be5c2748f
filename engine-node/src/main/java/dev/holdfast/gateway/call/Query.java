package dev.holdfast.gateway.call;

import dev.holdfast.api.Durations;
import dev.holdfast.core.Limits;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a query, each at most once. */
public final class Query {
  /** A name that ends so stands for all names that begin with what is before it. */
  private static final String ANY = ".*";

  private final Map<String, List<String>> parameters;

  Query(Map<String, List<String>> parameters, String... known) {
    this.parameters = parameters;
    parameters.forEach((name, values) -> {
      if (!isKnown(name, known)) {
        throw refused(
            name, "is not a parameter of this call; it takes " + String.join(", ", known));
      }
      if (values.size() > 1) {
        throw refused(name, "is there more than once");
      }
    });
  }

  private static boolean isKnown(String name, String... known) {
    for (String one : known) {
      boolean prefix = one.endsWith(ANY);
      if (prefix
          ? name.startsWith(one.substring(0, one.length() - 1)) && name.length() >= one.length()
          : name.equals(one)) {
        return true;
      }
    }
    return false;
  }

  /** The parameter; null when it is not there or empty. */
  public @Nullable String text(String name) {
    List<String> values = parameters.get(name);
    return values == null || values.getFirst().isEmpty() ? null : values.getFirst();
  }

  /** The parameter {@code limit}: a page's size. */
  public int limit() {
    return (int) number("limit", 1, Limits.PAGE_MAX, Limits.PAGE_DEFAULT);
  }

  /** An integer of the range; the default when it is not there. */
  public long number(String name, long min, long max, long byDefault) {
    String text = text(name);
    if (text == null) {
      return byDefault;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw refused(name, "is not an integer: " + text);
    }
    throw refused(name, "must be " + min + " to " + max + ", but is " + text);
  }

  /** A duration; null when it is not there. */
  public @Nullable Duration duration(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw refused(name, "is " + e.getMessage());
    }
  }

  /** A time; null when it is not there. */
  public @Nullable Instant instant(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw refused(name, "is not an RFC 3339 time such as 2026-01-31T12:00:00Z: " + text);
    }
  }

  /** One of an enum's names in any case; null when it is not there. */
  public <E extends Enum<E>> @Nullable E one(String name, Class<E> type) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    for (E value : type.getEnumConstants()) {
      if (value.name().equalsIgnoreCase(text)) {
        return value;
      }
    }
    throw refused(name, "must be one of " + List.of(type.getEnumConstants()) + ", but is " + text);
  }

  /** All parameters that begin so, without that beginning. */
  public Map<String, String> startingWith(String prefix) {
    var found = new LinkedHashMap<String, String>();
    parameters.forEach((name, values) -> {
      if (name.startsWith(prefix)) {
        found.put(name.substring(prefix.length()), values.getFirst());
      }
    });
    return found;
  }

  private static ProblemException refused(String name, String message) {
    return new ProblemException(
        ProblemKind.INVALID_REQUEST, "query parameter " + name + ' ' + message);
  }
}
