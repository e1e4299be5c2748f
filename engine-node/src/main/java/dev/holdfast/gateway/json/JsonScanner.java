package dev.holdfast.gateway.json;

import dev.holdfast.api.JsonValues;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Goes over JSON (RFC 8259) that is too large to be held, and copies the parts that are asked for,
 * byte by byte as they come. What it goes over is checked to be well-formed UTF-8 and JSON. Has one
 * buffer in memory, whatever the length of a string. For one thread.
 */
final class JsonScanner {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int END = -1;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private long before;
  private int at;
  private int end;
  private int copyFrom;
  private @Nullable OutputStream copy;

  JsonScanner(InputStream in) {
    this.in = in;
  }

  /** The next byte, which stays the next one; {@link #END} at the end. */
  private int peek() throws IOException {
    if (at == end) {
      flush();
      before += end;
      at = 0;
      copyFrom = 0;
      end = Math.max(0, in.read(buffer));
    }
    return at == end ? END : buffer[at] & 0xff;
  }

  private int next() throws IOException {
    int value = peek();
    if (value != END) {
      at++;
    }
    return value;
  }

  private void flush() throws IOException {
    OutputStream target = copy;
    if (target != null && at > copyFrom) {
      target.write(buffer, copyFrom, at - copyFrom);
    }
    copyFrom = at;
  }

  /** The next byte that is no white space, which stays the next one; below 0 at the end. */
  int peekSolid() throws IOException {
    int value = peek();
    while (value == ' ' || value == '\n' || value == '\t' || value == '\r') {
      at++;
      value = peek();
    }
    return value;
  }

  /**
   * Goes over this character, after white space.
   *
   * @throws ProblemException when another one comes
   */
  void expect(char wanted) throws IOException {
    if (peekSolid() != wanted) {
      throw malformed("'" + wanted + "' is expected");
    }
    at++;
  }

  /**
   * Goes over one value, without the white space around it, and copies it.
   *
   * @throws ProblemException when it is no JSON, or nested too deep
   */
  void value(OutputStream to) throws IOException {
    peekSolid();
    copyFrom = at;
    copy = to;
    value(JsonValues.DEPTH_MAX);
    flush();
    copy = null;
  }

  private void value(int depthLeft) throws IOException {
    int first = peekSolid();
    switch (first) {
      case '{' -> object(depthLeft);
      case '[' -> array(depthLeft);
      case '"' -> string();
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      default -> {
        if (first != '-' && !isDigit(first)) {
          throw malformed("a value is expected");
        }
        number();
      }
    }
  }

  private void object(int depthLeft) throws IOException {
    checkDepth(depthLeft);
    expect('{');
    if (peekSolid() == '}') {
      at++;
      return;
    }
    while (true) {
      if (peekSolid() != '"') {
        throw malformed("a name in quotes is expected");
      }
      string();
      expect(':');
      value(depthLeft - 1);
      if (peekSolid() != ',') {
        expect('}');
        return;
      }
      at++;
    }
  }

  private void array(int depthLeft) throws IOException {
    checkDepth(depthLeft);
    expect('[');
    if (peekSolid() == ']') {
      at++;
      return;
    }
    while (true) {
      value(depthLeft - 1);
      if (peekSolid() != ',') {
        expect(']');
        return;
      }
      at++;
    }
  }

  private static void checkDepth(int depthLeft) {
    if (depthLeft <= 0) {
      throw new ProblemException(
          ProblemKind.NESTED_TOO_DEEP,
          "values may be nested " + JsonValues.DEPTH_MAX + " levels deep at most");
    }
  }

  private void literal(String text) throws IOException {
    for (int i = 0; i < text.length(); i++) {
      if (next() != text.charAt(i)) {
        throw malformed(text + " is expected");
      }
    }
  }

  private void number() throws IOException {
    if (peek() == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
    } else {
      digits();
    }
    if (peek() == '.') {
      at++;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      digits();
    }
  }

  private void digits() throws IOException {
    if (!isDigit(peek())) {
      throw malformed("a digit is expected");
    }
    while (isDigit(peek())) {
      at++;
    }
  }

  private static boolean isDigit(int value) {
    return value >= '0' && value <= '9';
  }

  private void string() throws IOException {
    at++;
    while (true) {
      // What is plain needs no more than a look.
      while (at < end && isPlain(buffer[at])) {
        at++;
      }
      int value = next();
      if (value == '"') {
        return;
      } else if (value == '\\') {
        escape();
      } else if (value == END) {
        throw malformed("a string does not end");
      } else if (value < 0x20) {
        throw malformed("a control character must be escaped in a string");
      } else if (value >= 0x80) {
        character(value);
      }
    }
  }

  private static boolean isPlain(byte value) {
    return value >= 0x20 && value != '"' && value != '\\';
  }

  private void escape() throws IOException {
    int value = next();
    if (value == 'u') {
      for (int i = 0; i < 4; i++) {
        if (Character.digit(next(), 16) < 0) {
          throw malformed("four hexadecimal digits are expected after \\u");
        }
      }
    } else if (value == END || "\"\\/bfnrt".indexOf(value) < 0) {
      throw malformed("no such escape in a string");
    }
  }

  /** The rest of a character beyond ASCII, by RFC 3629: the shortest form, and no surrogates. */
  private void character(int lead) throws IOException {
    int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    int least =
        switch (lead) {
          case 0xe0 -> 0xa0;
          case 0xf0 -> 0x90;
          default -> 0x80;
        };
    int most =
        switch (lead) {
          case 0xed -> 0x9f;
          case 0xf4 -> 0x8f;
          default -> 0xbf;
        };
    int second = next();
    if (lead < 0xc2 || lead > 0xf4 || second < least || second > most) {
      throw malformed("it is not UTF-8");
    }
    for (int i = 1; i < more; i++) {
      int rest = next();
      if (rest < 0x80 || rest > 0xbf) {
        throw malformed("it is not UTF-8");
      }
    }
  }

  ProblemException malformed(String what) {
    return new ProblemException(
        ProblemKind.MALFORMED_JSON, "%s at byte %d".formatted(what, before + at + 1));
  }
}
