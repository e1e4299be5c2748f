package dev.holdfast.gateway.call;

import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of a content that a call asks for (RFC 9110, section 14).
 *
 * @param from first byte, from 0
 * @param count bytes, 1 or more
 */
public record ByteRange(long from, long count) {
  private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /**
   * @param header {@code Range}
   * @param bytes of the whole content
   * @return null: the whole is wanted, or it is asked for in a way that need not be understood,
   *     such as several ranges at once
   * @throws ProblemException when the content has nothing of what is asked for
   */
  public static @Nullable ByteRange of(@Nullable String header, long bytes) {
    Matcher range = ONE.matcher(header == null ? "" : header.replace(" ", ""));
    if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
      return null;
    }
    if (range.group(1).isEmpty()) {
      long last = Math.min(bytes, Long.parseLong(range.group(2)));
      return satisfiable(bytes - last, last, bytes);
    }
    long from = Long.parseLong(range.group(1));
    long to = range.group(2).isEmpty() ? bytes - 1 : Long.parseLong(range.group(2));
    if (to < from && !range.group(2).isEmpty()) {
      return null;
    }
    return satisfiable(from, Math.min(to, bytes - 1) - from + 1, bytes);
  }

  private static ByteRange satisfiable(long from, long count, long bytes) {
    if (count <= 0) {
      throw new ProblemException(
          ProblemKind.RANGE_NOT_SATISFIABLE, "the blob has " + bytes + " bytes");
    }
    return new ByteRange(from, count);
  }

  /** The header {@code Content-Range}. */
  public String contentRange(long bytes) {
    return "bytes %d-%d/%d".formatted(from, from + count - 1, bytes);
  }
}
