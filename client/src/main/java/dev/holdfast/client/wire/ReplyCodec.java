package dev.holdfast.client.wire;

import dev.holdfast.api.DefinitionProblem;
import dev.holdfast.api.ResumeReason;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.type.TypeReference;

/** Replies to bytes and back. */
public final class ReplyCodec {
  private static final int DONE_UNCHANGED = 0;
  private static final int DONE_CHANGED = 1;
  private static final int REFUSED = 2;
  private static final int BODY = 3;
  private static final int ENDED = 4;
  private static final int BEAT_SEEN = 5;
  private static final int RECALLED = 6;
  private static final int NOT_RESUMED = 7;

  private static final TypeReference<List<DefinitionProblem>> PROBLEMS = new TypeReference<>() {};
  private static final TypeReference<List<ResumeReason>> REASONS = new TypeReference<>() {};

  private ReplyCodec() {}

  public static byte[] encode(List<Reply> replies) {
    var bytes = new ByteArrayOutputStream(32 + 8 * replies.size());
    try (JsonGenerator out = CborValues.MAPPER.createGenerator(bytes)) {
      out.writeStartArray();
      out.writeNumber(Wire.VERSION);
      out.writeNumber(replies.size());
      for (Reply reply : replies) {
        write(out, reply);
      }
      out.writeEndArray();
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IllegalArgumentException when the bytes were not made by {@link #encode}
   */
  public static List<Reply> decode(byte[] bytes) {
    try (JsonParser in = CborValues.MAPPER.createParser(bytes)) {
      WirePieces.begin(in);
      int count = WirePieces.count(in);
      List<Reply> replies = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        replies.add(read(in));
      }
      return replies;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not a list of replies", e);
    }
  }

  /**
   * A {@link Reply.Body}'s value as what it is.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static <T> T convert(Reply.Body body, TypeReference<T> type) {
    try {
      return CborValues.MAPPER.convertValue(body.value(), type);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("the reply is not a " + type.getType(), e);
    }
  }

  private static void write(JsonGenerator out, Reply reply) {
    switch (reply) {
      case Reply.Done done -> out.writeNumber(done.changed() ? DONE_CHANGED : DONE_UNCHANGED);
      case Reply.Refused refused -> {
        boolean resume = !refused.reasons().isEmpty();
        out.writeNumber(resume ? NOT_RESUMED : REFUSED);
        out.writeString(refused.code());
        out.writeString(refused.message());
        out.writePOJO(resume ? refused.reasons() : refused.problems());
      }
      case Reply.Body body -> {
        out.writeNumber(BODY);
        out.writePOJO(body.value());
      }
      case Reply.Ended ended -> {
        out.writeNumber(ENDED);
        WirePieces.write(out, ended.result());
      }
      case Reply.BeatSeen seen -> {
        out.writeNumber(BEAT_SEEN);
        out.writeNumber(seen.assigned());
        out.writeNumber(seen.wanted());
        WirePieces.write(out, seen.stop());
      }
      case Reply.Recalled recalled -> {
        out.writeNumber(RECALLED);
        out.writeNumber(recalled.credits());
      }
    }
  }

  private static Reply read(JsonParser in) {
    int kind = in.nextIntValue(-1);
    return switch (kind) {
      case DONE_UNCHANGED -> Reply.Done.UNCHANGED;
      case DONE_CHANGED -> Reply.Done.CHANGED;
      case REFUSED -> {
        String code = WirePieces.string(in);
        String message = WirePieces.string(in);
        in.nextToken();
        yield new Reply.Refused(code, message, in.readValueAs(PROBLEMS));
      }
      case NOT_RESUMED -> {
        String code = WirePieces.string(in);
        String message = WirePieces.string(in);
        in.nextToken();
        yield new Reply.Refused(code, message, List.of(), in.readValueAs(REASONS));
      }
      case BODY -> new Reply.Body(CborValues.readNextView(in));
      case ENDED -> new Reply.Ended(WirePieces.result(in));
      case BEAT_SEEN ->
          new Reply.BeatSeen(in.nextLongValue(0), in.nextIntValue(0), WirePieces.tokens(in));
      case RECALLED -> new Reply.Recalled(in.nextIntValue(0));
      default -> throw new IllegalArgumentException("no reply of kind " + kind);
    };
  }
}
