package dev.holdfast.core.cel;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** CEL's messages in the words of who writes definitions. */
final class CelMessages {
  private static final Map<String, String> OPERATORS =
      Map.ofEntries(
          Map.entry("_+_", "+"),
          Map.entry("_-_", "-"),
          Map.entry("_*_", "*"),
          Map.entry("_/_", "/"),
          Map.entry("_%_", "%"),
          Map.entry("_==_", "=="),
          Map.entry("_!=_", "!="),
          Map.entry("_<_", "<"),
          Map.entry("_<=_", "<="),
          Map.entry("_>_", ">"),
          Map.entry("_>=_", ">="),
          Map.entry("_&&_", "&&"),
          Map.entry("_||_", "||"),
          Map.entry("_?_:_", "? :"),
          Map.entry("_[_]", "[ ]"),
          Map.entry("!_", "!"),
          Map.entry("-_", "-"),
          Map.entry("@in", "in"));
  private static final Pattern OVERLOAD =
      Pattern.compile(
          "found no matching overload for '([^']+)' applied to '([^']*)'.*", Pattern.DOTALL);
  private static final Pattern UNDECLARED =
      Pattern.compile("undeclared reference to '([^']+)'.*", Pattern.DOTALL);
  private static final Pattern FIELD =
      Pattern.compile("undefined field '([^']+)'.*", Pattern.DOTALL);

  private static final Pattern EXPECTING =
      Pattern.compile(
          "(mismatched input|extraneous input|no viable alternative at input) '(.*)'( expecting"
              + " .*)?",
          Pattern.DOTALL);

  private CelMessages() {}

  static String readable(String message) {
    Matcher overload = OVERLOAD.matcher(message);
    if (overload.matches()) {
      String operator = OPERATORS.getOrDefault(overload.group(1), overload.group(1));
      return "'"
          + operator
          + "' can't be applied to "
          + overload.group(2).replace("google.protobuf.", "");
    }
    Matcher undeclared = UNDECLARED.matcher(message);
    if (undeclared.matches()) {
      return "unknown name '"
          + undeclared.group(1)
          + "'; in scope are input, vars, tasks, execution and, in 'set', output";
    }
    Matcher field = FIELD.matcher(message);
    if (field.matches()) {
      return "no field '"
          + field.group(1)
          + "'; a task has output, status, error, the execution has id, definition, tenant,"
          + " startedAt, scheduledAt";
    }
    Matcher expecting = EXPECTING.matcher(message);
    if (expecting.matches()) {
      return expecting.group(2).endsWith("<EOF>")
          ? "the expression ends too early"
          : "unexpected '" + expecting.group(2) + "'";
    }
    return message;
  }
}
