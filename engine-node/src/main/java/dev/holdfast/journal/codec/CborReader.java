package dev.holdfast.journal.codec;

import dev.holdfast.api.MalformedValueException;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.ValueFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/** Reads what {@link CborWriter} wrote. Every method throws {@link CodecException} on damage. */
final class CborReader {
  static final long NANOS_PER_SECOND = 1_000_000_000L;
  static final long NANOS_SECONDS_MAX = Long.MAX_VALUE / NANOS_PER_SECOND - 1;

  private final JsonParser in;

  CborReader(byte[] bytes) {
    in = CborWriter.FACTORY.createParser(ObjectReadContext.empty(), bytes);
  }

  /** Runs the reading, and makes one kind of exception of all that damaged bytes can bring. */
  static <T> T guarded(String what, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (JacksonException
        | MalformedValueException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | NullPointerException
        | ArithmeticException e) {
      throw new CodecException(what + " can't be decoded: " + e.getMessage(), e);
    }
  }

  /** Begins an array; false at the end of the bytes. */
  boolean beginArrayOrEnd() {
    JsonToken token = in.nextToken();
    if (token == null) {
      return false;
    }
    expect(token, JsonToken.START_ARRAY);
    return true;
  }

  void beginArray() {
    expect(in.nextToken(), JsonToken.START_ARRAY);
  }

  void endArray() {
    expect(in.nextToken(), JsonToken.END_ARRAY);
  }

  /** Like {@link #beginArray}, false when there is a null in its place. */
  boolean beginArrayOrNull() {
    JsonToken token = in.nextToken();
    if (token == JsonToken.VALUE_NULL) {
      return false;
    }
    expect(token, JsonToken.START_ARRAY);
    return true;
  }

  /** For lists: begins the next item, an array or a null; false after the list's last. */
  boolean beginArrayOrNullOrEnd() {
    JsonToken token = in.nextToken();
    if (token == JsonToken.END_ARRAY) {
      return false;
    }
    if (token != JsonToken.VALUE_NULL) {
      expect(token, JsonToken.START_ARRAY);
    }
    return true;
  }

  /** Whether what was read last is a null. */
  boolean atNull() {
    return in.currentToken() == JsonToken.VALUE_NULL;
  }

  /** The enum constant of the number that comes next, null for a null. */
  <E extends Enum<E>> @Nullable E constantOrNull(Codes<E> codes) {
    JsonToken token = in.nextToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    expect(token, JsonToken.VALUE_NUMBER_INT);
    return codes.constant(in.getLongValue());
  }

  /** How many bytes have been read. */
  int position() {
    return (int) in.currentLocation().getByteOffset();
  }

  long number() {
    expect(in.nextToken(), JsonToken.VALUE_NUMBER_INT);
    return in.getLongValue();
  }

  int integer() {
    return Math.toIntExact(number());
  }

  boolean truth() {
    JsonToken token = in.nextToken();
    if (token == JsonToken.VALUE_TRUE) {
      return true;
    }
    expect(token, JsonToken.VALUE_FALSE);
    return false;
  }

  String text() {
    String text = textOrNull();
    if (text == null) {
      throw new CodecException("null in the place of a text at byte " + position());
    }
    return text;
  }

  @Nullable String textOrNull() {
    JsonToken token = in.nextToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    expect(token, JsonToken.VALUE_STRING);
    return in.getString();
  }

  @Nullable Object value() {
    if (in.nextToken() == null) {
      throw new CodecException("bytes end in the middle");
    }
    return ValueFormat.readCurrent(in);
  }

  @SuppressWarnings("unchecked") // a map among JSON values has strings for keys
  Map<String, @Nullable Object> values() {
    if (value() instanceof Map<?, ?> map) {
      return (Map<String, @Nullable Object>) map;
    }
    throw new CodecException("expected a map at byte " + position());
  }

  @SuppressWarnings("unchecked") // a list among JSON values has JSON values in it
  List<@Nullable Object> list() {
    if (value() instanceof List<?> list) {
      return (List<@Nullable Object>) list;
    }
    throw new CodecException("expected a list at byte " + position());
  }

  List<String> texts() {
    beginArray();
    if (in.nextToken() == JsonToken.END_ARRAY) {
      return List.of();
    }
    var texts = new ArrayList<String>();
    do {
      expect(in.currentToken(), JsonToken.VALUE_STRING);
      texts.add(in.getString());
    } while (in.nextToken() != JsonToken.END_ARRAY);
    return List.copyOf(texts);
  }

  Map<String, String> labels() {
    expect(in.nextToken(), JsonToken.START_OBJECT);
    String key = in.nextName();
    if (key == null) {
      return Map.of();
    }
    var labels = new HashMap<String, String>();
    for (; key != null; key = in.nextName()) {
      labels.put(key, text());
    }
    return Map.copyOf(labels);
  }

  Instant instant() {
    Instant instant = instantOrNull();
    if (instant == null) {
      throw new CodecException("null in the place of a time at byte " + position());
    }
    return instant;
  }

  @Nullable Instant instantOrNull() {
    JsonToken token = in.nextToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token == JsonToken.START_ARRAY) {
      Instant instant = Instant.ofEpochSecond(number(), number());
      endArray();
      return instant;
    }
    expect(token, JsonToken.VALUE_NUMBER_INT);
    long nanos = in.getLongValue();
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
  }

  Duration duration() {
    JsonToken token = in.nextToken();
    if (token == JsonToken.START_ARRAY) {
      Duration duration = Duration.ofSeconds(number(), number());
      endArray();
      return duration;
    }
    expect(token, JsonToken.VALUE_NUMBER_INT);
    return Duration.ofNanos(in.getLongValue());
  }

  TaskError error() {
    TaskError error = errorOrNull();
    if (error == null) {
      throw new CodecException("null in the place of an error at byte " + position());
    }
    return error;
  }

  @Nullable TaskError errorOrNull() {
    if (!beginArrayOrNull()) {
      return null;
    }
    var error = new TaskError(text(), text(), value());
    endArray();
    return error;
  }

  /** The format version that begins every item. */
  void format(int known) {
    long format = number();
    if (format != known) {
      throw new CodecException(
          "format " + format + ", this version reads " + known + ": written by a newer version?");
    }
  }

  void expectEnd() {
    JsonToken token = in.nextToken();
    if (token != null) {
      throw new CodecException("more bytes than expected, from byte " + position());
    }
  }

  private void expect(@Nullable JsonToken token, JsonToken expected) {
    if (token != expected) {
      throw new CodecException(
          "expected " + expected + " but found " + token + " at byte " + position());
    }
  }
}
