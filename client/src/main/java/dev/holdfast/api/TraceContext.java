package dev.holdfast.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Trace ids that follow from what the engine knows anyway: the trace is the execution, the span is
 * the attempt (<a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>).
 */
public final class TraceContext {
  private static final int TRACE_ID_BYTES = 16;

  private TraceContext() {}

  /** The {@code traceparent} of the attempt that the token names. */
  public static String traceparent(String tenant, TaskToken token) {
    byte[] key = (tenant + '/' + token.execution()).getBytes(StandardCharsets.UTF_8);
    String trace = HexFormat.of().formatHex(sha256(key), 0, TRACE_ID_BYTES);
    return "00-" + trace + "-" + HexFormat.of().toHexDigits(token.nonce()) + "-00";
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
