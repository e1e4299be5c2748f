package dev.holdfast.core;

import java.util.regex.Pattern;

/** How tasks and what they go to may be called. */
public final class Names {
  /** A task's id, or a variable's name. */
  public static final Pattern ID = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

  /** What a task is routed to. */
  public static final Pattern CAPABILITY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}");

  private Names() {}
}
