package dev.holdfast.grid;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells a repeated start from another one with the same id, whichever way it came in: SHA-256 over
 * what was asked for, independent of the order of names in objects.
 */
public final class StartDigest {
  private final MessageDigest digest;

  private StartDigest(MessageDigest digest) {
    this.digest = digest;
  }

  /**
   * The digest in hex.
   *
   * @param version as asked for: null stays null, so that a repeat is recognised when a newer
   *     version has been registered meanwhile
   */
  public static String of(
      String definition,
      @Nullable Integer version,
      @Nullable Object input,
      Map<String, String> attributes,
      @Nullable String session,
      int priority,
      @Nullable Duration timeout) {
    var request = new StartDigest(sha256());
    request.add(definition);
    request.add(version == null ? null : Long.valueOf(version));
    request.add(input);
    request.add(attributes);
    request.add(session);
    request.add((long) priority);
    request.add(timeout == null ? null : timeout.toString());
    return HexFormat.of().formatHex(request.digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Each value begins with its kind and, where it can vary, its length: nothing runs together. */
  private void add(@Nullable Object value) {
    switch (value) {
      case null -> digest.update((byte) 'n');
      case Boolean b -> digest.update((byte) (b ? 't' : 'f'));
      case Long l -> number('l', l);
      case Double d -> number('d', Double.doubleToLongBits(d));
      case String s -> {
        byte[] bytes = s.getBytes(StandardCharsets.UTF_8);
        number('s', bytes.length);
        digest.update(bytes);
      }
      case Map<?, ?> map -> {
        number('m', map.size());
        var sorted = new TreeMap<String, @Nullable Object>();
        map.forEach((key, item) -> sorted.put(key.toString(), item));
        sorted.forEach((key, item) -> {
          add(key);
          add(item);
        });
      }
      case Collection<?> list -> {
        number('c', list.size());
        list.forEach(this::add);
      }
      default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass());
    }
  }

  private void number(char kind, long number) {
    digest.update((byte) kind);
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
  }
}
