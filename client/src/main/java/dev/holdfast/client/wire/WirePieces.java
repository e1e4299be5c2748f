package dev.holdfast.client.wire;

import dev.holdfast.api.ExecutionResult;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskToken;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The pieces that several messages are made of, checked as they are read. */
final class WirePieces {
  /** Far above what any message holds; a count beyond it is damage, not data. */
  private static final int COUNT_MAX = 1 << 20;

  private WirePieces() {}

  static void begin(JsonParser in) {
    if (in.nextToken() != JsonToken.START_ARRAY) {
      throw new IllegalArgumentException("not a message of Holdfast");
    }
    int version = in.nextIntValue(-1);
    if (version != Wire.VERSION) {
      throw new IllegalArgumentException(
          "wire version " + version + ", but this side speaks " + Wire.VERSION);
    }
  }

  static int count(JsonParser in) {
    int count = in.nextIntValue(-1);
    if (count < 0 || count > COUNT_MAX) {
      throw new IllegalArgumentException("not a count: " + count);
    }
    return count;
  }

  static String string(JsonParser in) {
    String value = stringOrNull(in);
    if (value == null) {
      throw new IllegalArgumentException("a string is missing");
    }
    return value;
  }

  static @Nullable String stringOrNull(JsonParser in) {
    return in.nextStringValue();
  }

  static @Nullable Long longOrNull(JsonParser in) {
    return switch (CborValues.readNext(in)) {
      case null -> null;
      case Long number -> number;
      case Object other -> throw new IllegalArgumentException("not an integer: " + other);
    };
  }

  static @Nullable Double doubleOrNull(JsonParser in) {
    return switch (CborValues.readNext(in)) {
      case null -> null;
      case Double number -> number;
      case Object other -> throw new IllegalArgumentException("not a number: " + other);
    };
  }

  static boolean bool(JsonParser in) {
    return in.nextToken() == JsonToken.VALUE_TRUE;
  }

  static void write(JsonGenerator out, TaskToken token) {
    out.writeString(token.execution());
    out.writeString(token.task());
    out.writeNumber(token.attempt());
    out.writeNumber(token.nonce());
  }

  static TaskToken token(JsonParser in) {
    return new TaskToken(string(in), string(in), in.nextIntValue(0), in.nextLongValue(0));
  }

  static void write(JsonGenerator out, List<TaskToken> tokens) {
    out.writeNumber(tokens.size());
    for (TaskToken token : tokens) {
      write(out, token);
    }
  }

  static List<TaskToken> tokens(JsonParser in) {
    int count = count(in);
    List<TaskToken> tokens = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      tokens.add(token(in));
    }
    return tokens;
  }

  static void write(JsonGenerator out, TaskError error) {
    out.writeString(error.type());
    out.writeString(error.message());
    CborValues.write(out, error.details());
  }

  static TaskError error(JsonParser in) {
    return new TaskError(string(in), string(in), CborValues.readNext(in));
  }

  static void write(JsonGenerator out, ExecutionResult result) {
    out.writeString(result.id());
    out.writeString(result.status().name());
    CborValues.write(out, result.isCompleted() ? result.output() : null);
    TaskError error = result.error();
    out.writeBoolean(error != null);
    if (error != null) {
      write(out, error);
    }
  }

  static ExecutionResult result(JsonParser in) {
    String id = string(in);
    ExecutionStatus status = ExecutionStatus.valueOf(string(in));
    Object output = CborValues.readNext(in);
    return new ExecutionResult(id, status, output, bool(in) ? error(in) : null);
  }
}
