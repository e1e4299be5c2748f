package dev.holdfast.api;

/**
 * Names one execution in the whole cluster: its tenant and its id, which is unique within the
 * tenant. The text form {@code tenant/id} is the key of the grid's maps.
 *
 * @param tenant 1 to 63 characters of {@code a-z 0-9 -}, starting with a letter or digit
 * @param id 1 to 128 characters of {@code A-Z a-z 0-9 . _ : -}, starting with a letter or digit; of
 *     an execution that carries out a task of another that one's id, {@code /}, and letters, digits
 *     and {@code _ : -}, again and again, with {@code .} and its number behind an item's list; of a
 *     schedule {@value #SCHEDULE} and its name
 */
public record ExecutionKey(String tenant, String id) {
  /** The tenant of who does not say one. */
  public static final String DEFAULT_TENANT = "default";

  /** What ids of schedules begin with, which no other execution's does. */
  private static final String SCHEDULE = "_schedule/";

  private static final int TENANT_CHARS_MAX = 63;
  private static final int ID_CHARS_MAX = 128;

  /** Eight levels of a task's id and an attempt's number below the first. */
  private static final int CHILD_ID_CHARS_MAX = 1024;

  /**
   * @throws IllegalArgumentException when the tenant or the id is not of the form given above
   */
  public ExecutionKey {
    // By hand, since keys are made for every command and a regular expression costs as much as all
    // the rest of it.
    if (!isTenant(tenant)) {
      throw new IllegalArgumentException(
          "tenant must match [a-z0-9][a-z0-9-]{0,62}, but is: " + tenant);
    }
    if (!isId(id)) {
      throw new IllegalArgumentException(
          "id must match [A-Za-z0-9][A-Za-z0-9._:-]{0,127}, or be of a child, but is: " + id);
    }
  }

  /**
   * The key of the execution that is the schedule of that name.
   *
   * @throws IllegalArgumentException when the name is not 1 to 63 characters of {@code a-z 0-9 -},
   *     starting with a letter or digit
   */
  public static ExecutionKey ofSchedule(String tenant, String name) {
    if (!isTenant(name)) {
      throw new IllegalArgumentException(
          "a schedule's name must match [a-z0-9][a-z0-9-]{0,62}, but is: " + name);
    }
    return new ExecutionKey(tenant, SCHEDULE + name);
  }

  /**
   * Whether it is one of the engine's own executions, a schedule. Users see these nowhere among
   * theirs, and can't address them by their ids.
   */
  public boolean isInternal() {
    return isInternal(id);
  }

  /** Whether executions of that id are the engine's own. */
  public static boolean isInternal(String id) {
    return id.startsWith(SCHEDULE);
  }

  /**
   * The name of the schedule that has this id.
   *
   * @throws IllegalArgumentException when it is no schedule's
   */
  public static String scheduleOf(String id) {
    if (!isInternal(id)) {
      throw new IllegalArgumentException(id + " is no schedule");
    }
    return id.substring(SCHEDULE.length());
  }

  /** Tenants and schedules have names of the same form. */
  private static boolean isTenant(String text) {
    int length = text.length();
    if (length == 0 || length > TENANT_CHARS_MAX || text.charAt(0) == '-') {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (!isLower(c) && !isDigit(c) && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isId(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return isOwnId(text);
    }
    return isInternal(text)
        ? isTenant(text.substring(SCHEDULE.length()))
        : isOwnId(text.substring(0, slash)) && isPath(text, slash);
  }

  /**
   * Whether executions may be started under that id: those of children are given by their parents.
   */
  public static boolean isOwnId(String text) {
    int length = text.length();
    if (length == 0 || length > ID_CHARS_MAX || isMark(text.charAt(0))) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (!isLetter(c) && !isDigit(c) && !isMark(c)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether from there on there are names of tasks, or a schedule's time, each behind a slash. An
   * item of a list is {@code lines.3}.
   */
  private static boolean isPath(String text, int from) {
    int length = text.length();
    if (length > CHILD_ID_CHARS_MAX || text.charAt(length - 1) == '/') {
      return false;
    }
    for (int i = from; i < length; i++) {
      char c = text.charAt(i);
      boolean isSlash = c == '/' && (i == from || text.charAt(i - 1) != '/');
      boolean isPoint = c == '.' && text.charAt(i - 1) != '/' && hasDigit(text, i + 1);
      if (!isSlash && !isPoint && !isLetter(c) && !isDigit(c) && c != '_' && c != '-' && c != ':') {
        return false;
      }
    }
    return true;
  }

  private static boolean hasDigit(String text, int at) {
    return at < text.length() && isDigit(text.charAt(at));
  }

  private static boolean isLetter(char c) {
    return isLower(c) || c >= 'A' && c <= 'Z';
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isMark(char c) {
    return c == '.' || c == '_' || c == ':' || c == '-';
  }

  /**
   * Reads the text form back.
   *
   * @throws IllegalArgumentException when the text is not {@code tenant/id}
   */
  public static ExecutionKey parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("not tenant/id: " + text);
    }
    return new ExecutionKey(text.substring(0, slash), text.substring(slash + 1));
  }

  /** The text form, {@code tenant/id}. */
  public String text() {
    return tenant + '/' + id;
  }

  @Override
  public String toString() {
    return text();
  }
}
