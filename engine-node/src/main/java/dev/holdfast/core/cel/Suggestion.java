package dev.holdfast.core.cel;

import java.util.Collection;
import java.util.Locale;

/** "Did you mean" for a mistyped name. */
public final class Suggestion {
  private static final int NAMES_LISTED_MAX = 12;

  private Suggestion() {}

  /**
   * The known name that is nearest, as {@code ; did you mean 'x'?}; else the known names if they
   * are few; else nothing.
   */
  public static String of(String name, Collection<String> known) {
    String nearest = null;
    // Two swapped letters are two edits; in a very short name that would make anything alike.
    int best = name.length() <= 3 ? 2 : Math.max(2, name.length() / 3) + 1;
    for (String candidate : known) {
      int distance =
          distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT), best);
      if (distance < best) {
        best = distance;
        nearest = candidate;
      }
    }
    if (nearest != null) {
      return "; did you mean '" + nearest + "'?";
    }
    if (known.isEmpty() || known.size() > NAMES_LISTED_MAX) {
      return "";
    }
    return "; there are: " + String.join(", ", known);
  }

  /** Levenshtein's distance, or {@code enough} when it is at least that. */
  private static int distance(String from, String to, int enough) {
    if (Math.abs(from.length() - to.length()) >= enough) {
      return enough;
    }
    int[] previous = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(previous[j], row[j - 1]) + 1);
      }
      previous = row;
    }
    return Math.min(previous[to.length()], enough);
  }
}
