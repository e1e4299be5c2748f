package dev.holdfast.journal.codec;

import dev.holdfast.api.TaskError;
import dev.holdfast.api.ValueFormat;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.dataformat.cbor.CBORFactory;

/**
 * Writes the codecs' building blocks into a buffer that is kept from one use to the next. One a
 * thread ({@link #ofThread}); not reentrant.
 */
final class CborWriter extends OutputStream {
  static final CBORFactory FACTORY = new CBORFactory();

  private static final int BUFFER_BYTES = 4096;

  /** A buffer that one large entry has grown beyond this is let go of. */
  private static final int BUFFER_KEPT_BYTES_MAX = 1 << 20;

  private static final ThreadLocal<CborWriter> OF_THREAD = ThreadLocal.withInitial(CborWriter::new);

  private final JsonGenerator out;
  private final MessageDigest sha256 = newSha256();
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int length;

  private CborWriter() {
    out = FACTORY.createGenerator(ObjectWriteContext.empty(), this);
  }

  /** The thread's writer, empty. */
  static CborWriter ofThread() {
    CborWriter writer = OF_THREAD.get();
    writer.length = 0;
    if (writer.buffer.length > BUFFER_KEPT_BYTES_MAX) {
      writer.buffer = new byte[BUFFER_BYTES];
    }
    return writer;
  }

  /** Called when a write broke off in the middle: the generator can't be used any more. */
  static void discard() {
    OF_THREAD.remove();
  }

  static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** How many bytes have been written. Brings everything written so far into the buffer. */
  int length() {
    out.flush();
    return length;
  }

  /** SHA-256 over {@code previous} and the bytes from {@code from} to the end. */
  byte[] chainedHash(byte[] previous, int from) {
    int end = length();
    sha256.update(previous);
    sha256.update(buffer, from, end - from);
    return sha256.digest();
  }

  byte[] toBytes() {
    // What the generator still holds may need a larger buffer, so it has to come first.
    int end = length();
    return Arrays.copyOf(buffer, end);
  }

  void array(int size) {
    out.writeStartArray(null, size);
  }

  void end() {
    out.writeEndArray();
  }

  void number(long number) {
    out.writeNumber(number);
  }

  void truth(boolean value) {
    out.writeBoolean(value);
  }

  void text(@Nullable String text) {
    if (text == null) {
      out.writeNull();
    } else {
      out.writeString(text);
    }
  }

  void nothing() {
    out.writeNull();
  }

  void value(@Nullable Object value) {
    ValueFormat.write(out, value);
  }

  void texts(List<String> texts) {
    array(texts.size());
    for (String text : texts) {
      out.writeString(text);
    }
    end();
  }

  void labels(Map<String, String> labels) {
    out.writeStartObject(null, labels.size());
    labels.forEach((key, text) -> {
      out.writeName(key);
      out.writeString(text);
    });
    out.writeEndObject();
  }

  /** Nanoseconds since 1970 where they fit 64 bits, else seconds and nanoseconds. */
  void instant(@Nullable Instant instant) {
    if (instant == null) {
      out.writeNull();
    } else {
      time(instant.getEpochSecond(), instant.getNano());
    }
  }

  void duration(Duration duration) {
    time(duration.getSeconds(), duration.getNano());
  }

  private void time(long seconds, int nanos) {
    if (Math.abs(seconds) <= CborReader.NANOS_SECONDS_MAX) {
      out.writeNumber(seconds * CborReader.NANOS_PER_SECOND + nanos);
    } else {
      array(2);
      out.writeNumber(seconds);
      out.writeNumber(nanos);
      end();
    }
  }

  void error(@Nullable TaskError error) {
    if (error == null) {
      out.writeNull();
      return;
    }
    array(3);
    out.writeString(error.type());
    out.writeString(error.message());
    value(error.details());
    end();
  }

  @Override
  public void write(int b) {
    room(1);
    buffer[length++] = (byte) b;
  }

  @Override
  public void write(byte[] bytes, int offset, int count) {
    room(count);
    System.arraycopy(bytes, offset, buffer, length, count);
    length += count;
  }

  private void room(int count) {
    if (buffer.length - length < count) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + count));
    }
  }
}
