package dev.holdfast.gateway.stream;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes one answer of server-sent events. For one thread. */
final class SseWriter {
  private static final byte[] SIGN_OF_LIFE = ":\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

  private final HttpServletResponse response;
  private final ServletOutputStream out;

  private SseWriter(HttpServletResponse response, ServletOutputStream out) {
    this.response = response;
    this.out = out;
  }

  /** Sends the answer's head. */
  static SseWriter open(HttpServletResponse response) throws IOException {
    response.setStatus(200);
    response.setContentType("text/event-stream;charset=utf-8");
    response.setHeader("Cache-Control", "no-cache");
    // Asks proxies of nginx's kind not to gather events before they pass them on.
    response.setHeader("X-Accel-Buffering", "no");
    response.flushBuffer();
    return new SseWriter(response, response.getOutputStream());
  }

  /**
   * Adds an event; {@link #flush} sends it.
   *
   * @param json one line
   */
  void event(String id, String type, byte[] json) throws IOException {
    out.write(("id: " + id + "\nevent: " + type + '\n').getBytes(StandardCharsets.UTF_8));
    data(json);
  }

  /** Adds a notice that is no event of an execution, so that it has no id to resume from. */
  void notice(String type, byte[] json) throws IOException {
    out.write(("event: " + type + '\n').getBytes(StandardCharsets.UTF_8));
    data(json);
  }

  private void data(byte[] json) throws IOException {
    out.write(DATA);
    out.write(json);
    out.write(END);
  }

  /** Keeps proxies from closing a quiet stream, and finds out whether anybody is still there. */
  void signOfLife() throws IOException {
    out.write(SIGN_OF_LIFE);
    flush();
  }

  void flush() throws IOException {
    response.flushBuffer();
  }
}
