package dev.holdfast.client.wire;

import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskToken;
import dev.holdfast.client.wire.RequestBatch.Window;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Requests to bytes and back. The frequent ones (start, results, heartbeats, beats) are written
 * field by field, the others as records by Jackson. A batch is one CBOR array; each request in it
 * is its kind's number followed by its fields.
 */
public final class BatchCodec {
  private static final int START = 1;
  private static final int COMPLETE = 2;
  private static final int FAIL = 3;
  private static final int HEARTBEAT = 4;
  private static final int WATCH = 5;
  private static final int BEAT = 6;
  private static final int COMPLETE_AND_SPAWN = 7;

  /** The kinds that Jackson writes; the number is the place here plus {@link #BY_JACKSON}. */
  private static final List<Class<? extends Request>> RECORDS =
      List.of(
          Request.Pause.class,
          Request.Resume.class,
          Request.Cancel.class,
          Request.Retry.class,
          Request.GetExecution.class,
          Request.GetHistory.class,
          Request.Register.class,
          Request.Validate.class,
          Request.GetDefinition.class,
          Request.ListDefinitions.class,
          Request.ListExecutions.class,
          Request.ListAgents.class,
          Request.OpenSession.class,
          Request.CloseSession.class,
          Request.DrainSession.class,
          Request.Recall.class,
          Request.Decide.class,
          Request.ListApprovals.class,
          Request.Signal.class,
          Request.Repair.class,
          Request.SetSchedule.class,
          Request.SwitchSchedule.class,
          Request.GetSchedule.class,
          Request.GetScheduleHistory.class,
          Request.ListSchedules.class);

  private static final int BY_JACKSON = 100;

  private BatchCodec() {}

  public static byte[] encode(RequestBatch batch) {
    var bytes = new ByteArrayOutputStream(64 + 128 * batch.requests().size());
    try (JsonGenerator out = CborValues.MAPPER.createGenerator(bytes)) {
      out.writeStartArray();
      out.writeNumber(Wire.VERSION);
      out.writeNumber(batch.client().getMostSignificantBits());
      out.writeNumber(batch.client().getLeastSignificantBits());
      out.writeString(batch.tenant());
      out.writeString(batch.actor());
      out.writeNumber(batch.windows().size());
      for (Window window : batch.windows()) {
        out.writeNumber(window.session());
        out.writeNumber(window.limit());
      }
      out.writeNumber(batch.requests().size());
      for (Request request : batch.requests()) {
        write(out, request);
      }
      out.writeEndArray();
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IllegalArgumentException when the bytes were not made by {@link #encode}
   */
  public static RequestBatch decode(byte[] bytes) {
    try (JsonParser in = CborValues.MAPPER.createParser(bytes)) {
      WirePieces.begin(in);
      UUID client = new UUID(in.nextLongValue(0), in.nextLongValue(0));
      String tenant = WirePieces.string(in);
      String actor = WirePieces.string(in);
      int windowCount = WirePieces.count(in);
      List<Window> windows = new ArrayList<>(windowCount);
      for (int i = 0; i < windowCount; i++) {
        windows.add(new Window(in.nextLongValue(0), in.nextLongValue(0)));
      }
      int count = WirePieces.count(in);
      List<Request> requests = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        requests.add(read(in));
      }
      return new RequestBatch(client, tenant, actor, windows, requests);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not a batch of requests", e);
    }
  }

  private static void write(JsonGenerator out, Request request) {
    switch (request) {
      case Request.Start start -> writeStart(out, start);
      case Request.Complete complete -> {
        boolean spawns = !complete.spawn().isEmpty();
        out.writeNumber(spawns ? COMPLETE_AND_SPAWN : COMPLETE);
        WirePieces.write(out, complete.token());
        CborValues.write(out, complete.output());
        if (spawns) {
          SpawnPieces.write(out, complete.spawn());
        }
      }
      case Request.Fail fail -> {
        out.writeNumber(FAIL);
        WirePieces.write(out, fail.token());
        WirePieces.write(out, fail.error());
        out.writeBoolean(fail.retryable());
        CborValues.write(out, fail.retryAfterMillis());
      }
      case Request.Heartbeat heartbeat -> {
        out.writeNumber(HEARTBEAT);
        WirePieces.write(out, heartbeat.token());
        CborValues.write(out, heartbeat.progress());
        CborValues.write(out, heartbeat.details());
      }
      case Request.Watch watch -> {
        out.writeNumber(WATCH);
        out.writeString(watch.execution());
      }
      case Request.Beat beat -> {
        out.writeNumber(BEAT);
        out.writeNumber(beat.session());
        WirePieces.write(out, beat.running());
      }
      case Request.Pause r -> writeRecord(out, r);
      case Request.Resume r -> writeRecord(out, r);
      case Request.Cancel r -> writeRecord(out, r);
      case Request.Retry r -> writeRecord(out, r);
      case Request.GetExecution r -> writeRecord(out, r);
      case Request.Repair r -> writeRecord(out, r);
      case Request.GetHistory r -> writeRecord(out, r);
      case Request.Register r -> writeRecord(out, r);
      case Request.Validate r -> writeRecord(out, r);
      case Request.GetDefinition r -> writeRecord(out, r);
      case Request.ListDefinitions r -> writeRecord(out, r);
      case Request.ListExecutions r -> writeRecord(out, r);
      case Request.ListAgents r -> writeRecord(out, r);
      case Request.OpenSession r -> writeRecord(out, r);
      case Request.CloseSession r -> writeRecord(out, r);
      case Request.DrainSession r -> writeRecord(out, r);
      case Request.Recall r -> writeRecord(out, r);
      case Request.Decide r -> writeRecord(out, r);
      case Request.ListApprovals r -> writeRecord(out, r);
      case Request.Signal r -> writeRecord(out, r);
      case Request.OfSchedules r -> writeRecord(out, r);
    }
  }

  private static void writeRecord(JsonGenerator out, Request request) {
    out.writeNumber(BY_JACKSON + RECORDS.indexOf(request.getClass()));
    out.writePOJO(request);
  }

  private static void writeStart(JsonGenerator out, Request.Start start) {
    out.writeNumber(START);
    out.writeString(start.execution());
    out.writeString(start.definition());
    out.writeNumber(start.version() == null ? 0 : start.version());
    CborValues.write(out, start.input());
    CborValues.write(out, start.attributes());
    CborValues.write(out, start.session());
    out.writeNumber(start.priority() == null ? -1 : start.priority());
    CborValues.write(out, start.timeoutMillis());
    out.writeBoolean(start.watch());
    out.writeBoolean(start.fresh());
  }

  private static Request read(JsonParser in) {
    int kind = in.nextIntValue(-1);
    return switch (kind) {
      case START -> readStart(in);
      case COMPLETE -> new Request.Complete(WirePieces.token(in), CborValues.readNext(in));
      case COMPLETE_AND_SPAWN ->
          new Request.Complete(WirePieces.token(in), CborValues.readNext(in), SpawnPieces.read(in));
      case FAIL -> {
        TaskToken token = WirePieces.token(in);
        TaskError error = WirePieces.error(in);
        yield new Request.Fail(token, error, WirePieces.bool(in), WirePieces.longOrNull(in));
      }
      case HEARTBEAT ->
          new Request.Heartbeat(
              WirePieces.token(in), WirePieces.doubleOrNull(in), CborValues.readNext(in));
      case WATCH -> new Request.Watch(WirePieces.string(in));
      case BEAT -> new Request.Beat(in.nextLongValue(0), WirePieces.tokens(in));
      default -> {
        int index = kind - BY_JACKSON;
        if (index < 0 || index >= RECORDS.size()) {
          throw new IllegalArgumentException("no request of kind " + kind);
        }
        in.nextToken();
        yield in.readValueAs(RECORDS.get(index));
      }
    };
  }

  private static Request readStart(JsonParser in) {
    String execution = WirePieces.string(in);
    String definition = WirePieces.string(in);
    int version = in.nextIntValue(0);
    Object input = CborValues.readNext(in);
    Map<String, String> attributes = attributes(in);
    String session = WirePieces.stringOrNull(in);
    int priority = in.nextIntValue(-1);
    Long timeoutMillis = WirePieces.longOrNull(in);
    return new Request.Start(
        execution,
        definition,
        version == 0 ? null : version,
        input,
        attributes,
        session,
        priority == -1 ? null : priority,
        timeoutMillis,
        WirePieces.bool(in),
        WirePieces.bool(in));
  }

  private static Map<String, String> attributes(JsonParser in) {
    if (in.nextToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("attributes must be an object");
    }
    @Nullable String name = in.nextName();
    if (name == null) {
      return Map.of();
    }
    var attributes = new LinkedHashMap<String, String>();
    for (; name != null; name = in.nextName()) {
      attributes.put(name, WirePieces.string(in));
    }
    return attributes;
  }
}
