package dev.holdfast.journal.postgres;

import dev.holdfast.core.Limits;
import org.jspecify.annotations.Nullable;

/**
 * Texts as PostgreSQL takes them. What it can't hold must not reach it: the entry could never be
 * written, nor any after it.
 */
final class Texts {
  private static final int ERROR_CHARS_MAX = 500;

  private Texts() {}

  /** Without the character 0, which a text of PostgreSQL's can't have. */
  static String plain(String text) {
    return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
  }

  /** Of a length that an index takes; both what is stored and what is searched for. */
  static String indexed(String text) {
    return plain(cut(text, Limits.LABEL_CHARS_MAX));
  }

  static @Nullable String indexedOrNull(@Nullable String text) {
    return text == null ? null : indexed(text);
  }

  /** An error as the listing shows it. */
  static String error(String text) {
    return plain(cut(text, ERROR_CHARS_MAX));
  }

  private static String cut(String text, int charsMax) {
    return text.length() <= charsMax ? text : text.substring(0, charsMax);
  }
}
