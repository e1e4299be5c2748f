package dev.holdfast.api;

/**
 * Names one attempt of one task and proves that its holder was given it: a result is taken only
 * under the token of the attempt that is running now. Agents treat the text form as opaque.
 *
 * @param execution id of the execution, within the tenant of who presents the token
 * @param task id of the task
 * @param attempt number of the attempt, from 1
 * @param nonce 64 random bits that no other attempt has
 */
public record TaskToken(String execution, String task, int attempt, long nonce) {
  private static final char SEPARATOR = '~';

  /** Stands for the slash in a child's id, which would be two segments of a path. */
  private static final char LEVEL = '!';

  /** In the id of a task of a definition there is none. */
  private static final char ITEM = '.';

  /**
   * Reads the text form back.
   *
   * @throws IllegalArgumentException when the text was not made by {@link #text()}
   */
  public static TaskToken parse(String text) {
    String[] parts = text.split(String.valueOf(SEPARATOR), -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("not a task token: " + text);
    }
    try {
      return new TaskToken(
          parts[0].replace(LEVEL, '/'),
          taskOf(parts[1]),
          Integer.parseInt(parts[2]),
          Long.parseUnsignedLong(parts[3], Character.MAX_RADIX));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a task token: " + text, e);
    }
  }

  /** The text form: safe in a URL's path. */
  public String text() {
    return execution.replace('/', LEVEL)
        + SEPARATOR
        + pathOf(task)
        + SEPARATOR
        + attempt
        + SEPARATOR
        + Long.toUnsignedString(nonce, Character.MAX_RADIX);
  }

  /**
   * A task's id as it is in a URL's path. An item of a list, {@code lines[3]}, has brackets, which
   * a URL may not: {@code lines.3}. What undoes it is {@code lines.3.compensate}.
   */
  public static String pathOf(String task) {
    return task.indexOf('[') < 0 ? task : task.replace('[', ITEM).replace("]", "");
  }

  /** After a point there is an item's number, or the name of what belongs to the task. */
  private static String taskOf(String path) {
    if (path.indexOf(ITEM) < 0) {
      return path;
    }
    String[] parts = path.split("\\.", -1);
    var task = new StringBuilder(parts[0]);
    for (int i = 1; i < parts.length; i++) {
      boolean isNumber = !parts[i].isEmpty() && Character.isDigit(parts[i].charAt(0));
      task.append(isNumber ? '[' + parts[i] + ']' : ITEM + parts[i]);
    }
    return task.toString();
  }

  @Override
  public String toString() {
    return text();
  }
}
