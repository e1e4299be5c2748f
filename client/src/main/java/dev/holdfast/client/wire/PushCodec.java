package dev.holdfast.client.wire;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;

/** Pushes to bytes and back. */
public final class PushCodec {
  private static final int ASSIGNED = 1;
  private static final int REVOKED = 2;
  private static final int ENDED = 3;
  private static final int OPENED = 4;
  private static final int WANTED = 5;
  private static final int ROLL_CALL = 6;

  private PushCodec() {}

  public static byte[] encode(List<Push> pushes) {
    var bytes = new ByteArrayOutputStream(32 + 160 * pushes.size());
    try (JsonGenerator out = CborValues.MAPPER.createGenerator(bytes)) {
      out.writeStartArray();
      out.writeNumber(Wire.VERSION);
      out.writeNumber(pushes.size());
      for (Push push : pushes) {
        write(out, push);
      }
      out.writeEndArray();
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IllegalArgumentException when the bytes were not made by {@link #encode}
   */
  public static List<Push> decode(byte[] bytes) {
    try (JsonParser in = CborValues.MAPPER.createParser(bytes)) {
      WirePieces.begin(in);
      int count = WirePieces.count(in);
      List<Push> pushes = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        pushes.add(read(in));
      }
      return pushes;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not a list of pushes", e);
    }
  }

  private static void write(JsonGenerator out, Push push) {
    switch (push) {
      case Push.Assigned assigned -> {
        out.writeNumber(ASSIGNED);
        out.writeNumber(assigned.session());
        out.writeNumber(assigned.first());
        out.writeNumber(assigned.tasks().size());
        for (Push.Task task : assigned.tasks()) {
          WirePieces.write(out, task.token());
          out.writeString(task.definition());
          out.writeNumber(task.version());
          CborValues.write(out, task.input());
          out.writeNumber(task.readyAtMicros());
          out.writeNumber(task.deadlineMillis());
          out.writeNumber(task.heartbeatMillis());
        }
      }
      case Push.Opened opened -> {
        out.writeNumber(OPENED);
        out.writeNumber(opened.session());
      }
      case Push.Revoked revoked -> {
        out.writeNumber(REVOKED);
        out.writeNumber(revoked.session());
        WirePieces.write(out, revoked.tokens());
      }
      case Push.Wanted wanted -> {
        out.writeNumber(WANTED);
        out.writeNumber(wanted.session());
        out.writeNumber(wanted.tasks());
      }
      case Push.RollCall rollCall -> {
        out.writeNumber(ROLL_CALL);
        out.writeNumber(rollCall.member().getMostSignificantBits());
        out.writeNumber(rollCall.member().getLeastSignificantBits());
      }
      case Push.Ended ended -> {
        out.writeNumber(ENDED);
        WirePieces.write(out, ended.result());
      }
    }
  }

  private static Push read(JsonParser in) {
    int kind = in.nextIntValue(-1);
    return switch (kind) {
      case ASSIGNED -> readAssigned(in);
      case REVOKED -> new Push.Revoked(in.nextLongValue(0), WirePieces.tokens(in));
      case OPENED -> new Push.Opened(in.nextLongValue(0));
      case WANTED -> new Push.Wanted(in.nextLongValue(0), in.nextIntValue(0));
      case ROLL_CALL -> new Push.RollCall(new UUID(in.nextLongValue(0), in.nextLongValue(0)));
      case ENDED -> new Push.Ended(WirePieces.result(in));
      default -> throw new IllegalArgumentException("no push of kind " + kind);
    };
  }

  private static Push readAssigned(JsonParser in) {
    long session = in.nextLongValue(0);
    long first = in.nextLongValue(0);
    int count = WirePieces.count(in);
    List<Push.Task> tasks = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      tasks.add(
          new Push.Task(
              WirePieces.token(in),
              WirePieces.string(in),
              in.nextIntValue(0),
              CborValues.readNext(in),
              in.nextLongValue(0),
              in.nextLongValue(0),
              in.nextLongValue(0)));
    }
    return new Push.Assigned(session, first, tasks);
  }
}
