package dev.holdfast.core.cel;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A string of a definition taken apart into literal text and <code>${…}</code>. What belongs to an
 * expression is decided by CEL's own rules for strings, comments and braces, so that <code>
 * ${ {'a': '}'} }</code> ends where its author thinks it does. <code>$${</code> stands for a plain
 * <code>${</code>.
 */
final class TemplateText {
  /** A piece of the string. */
  sealed interface Piece {}

  /** Text that stands for itself. */
  record Literal(String text) implements Piece {}

  /**
   * @param offset where the source begins in the whole string
   */
  record Code(String source, int offset) implements Piece {}

  /**
   * @param pieces empty for an empty string
   * @param problem null when the string is well-formed
   */
  record Parsed(List<Piece> pieces, @Nullable ExpressionProblem problem) {}

  private final String text;
  private final List<Piece> pieces = new ArrayList<>();
  private final StringBuilder literal = new StringBuilder();

  private TemplateText(String text) {
    this.text = text;
  }

  static Parsed parse(String text) {
    return new TemplateText(text).parse();
  }

  private Parsed parse() {
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith("$${", at)) {
        literal.append("${");
        at += 3;
      } else if (text.startsWith("${", at)) {
        int end = endOfCode(at + 2);
        if (end < 0) {
          return new Parsed(
              List.of(),
              new ExpressionProblem(at, "'${' without its '}'; a plain '${' is written '$${'"));
        }
        flushLiteral();
        pieces.add(new Code(text.substring(at + 2, end), at + 2));
        at = end + 1;
      } else {
        literal.append(text.charAt(at++));
      }
    }
    flushLiteral();
    return new Parsed(List.copyOf(pieces), null);
  }

  private void flushLiteral() {
    if (!literal.isEmpty()) {
      pieces.add(new Literal(literal.toString()));
      literal.setLength(0);
    }
  }

  /** Index of the brace that ends the expression that starts here; -1: there is none. */
  private int endOfCode(int from) {
    int depth = 0;
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\'' || c == '"') {
        at = endOfString(at, isRaw(at));
        if (at < 0) {
          return -1;
        }
      } else if (c == '`') {
        at = text.indexOf('`', at + 1);
        if (at < 0) {
          return -1;
        }
      } else if (text.startsWith("//", at)) {
        int lineEnd = text.indexOf('\n', at);
        at = lineEnd < 0 ? text.length() : lineEnd;
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && depth-- == 0) {
        return at;
      }
      at++;
    }
    return -1;
  }

  /** Whether the quote there is prefixed by r or R, alone or with b, that begins the token. */
  private boolean isRaw(int quote) {
    int at = quote;
    boolean raw = false;
    while (at > 0 && quote - at < 2 && "rRbB".indexOf(text.charAt(at - 1)) >= 0) {
      at--;
      raw |= "rR".indexOf(text.charAt(at)) >= 0;
    }
    boolean partOfName =
        at > 0 && (Character.isLetterOrDigit(text.charAt(at - 1)) || text.charAt(at - 1) == '_');
    return raw && !partOfName;
  }

  /** Index of the last quote of the string that starts here; -1: it does not end. */
  private int endOfString(int from, boolean raw) {
    String quote = text.substring(from, from + 1);
    String delimiter = text.startsWith(quote.repeat(3), from) ? quote.repeat(3) : quote;
    int at = from + delimiter.length();
    while (at < text.length()) {
      if (text.charAt(at) == '\\' && !raw) {
        at += 2;
      } else if (text.startsWith(delimiter, at)) {
        return at + delimiter.length() - 1;
      } else {
        at++;
      }
    }
    return -1;
  }
}
