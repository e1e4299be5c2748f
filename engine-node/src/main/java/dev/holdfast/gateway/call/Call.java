package dev.holdfast.gateway.call;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Limits;
import dev.holdfast.gateway.json.Json;
import dev.holdfast.gateway.json.JsonReader;
import dev.holdfast.gateway.json.LargeBody;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import dev.holdfast.grid.Engine;
import dev.holdfast.grid.blob.BlobTooLargeException;
import dev.holdfast.grid.blob.Blobs;
import dev.holdfast.journal.StoreException;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every call has: who asks, a body, an answer. */
public final class Call {
  /** Fields around a payload, escapes in it, and white space. */
  private static final int BODY_OVERHEAD_BYTES = 64 << 10;

  private static final int BODY_BYTES_MAX = (int) Limits.PAYLOAD_BYTES_MAX + BODY_OVERHEAD_BYTES;
  private static final long DRAINED_BYTES_MAX = 16L << 20;
  private static final String TENANT_HEADER = "X-Holdfast-Tenant";
  private static final String ACTOR_HEADER = "X-Holdfast-Actor";
  private static final String ROLES_HEADER = "X-Holdfast-Roles";
  private static final int ROLES_MAX = 32;
  private static final String ANONYMOUS = "anonymous";

  private final Context http;

  public Call(Context http) {
    this.http = http;
  }

  /** Whose data it is about. */
  public String tenant() {
    String tenant = http.header(TENANT_HEADER);
    return tenant == null || tenant.isEmpty() ? ExecutionKey.DEFAULT_TENANT : checkedTenant(tenant);
  }

  private static String checkedTenant(String tenant) {
    try {
      return new ExecutionKey(tenant, "x").tenant();
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          ProblemKind.INVALID_REQUEST, TENANT_HEADER + ": " + e.getMessage());
    }
  }

  /** Who asks. */
  public String actor() {
    String actor = http.header(ACTOR_HEADER);
    if (actor == null || actor.isBlank()) {
      return ANONYMOUS;
    }
    if (actor.length() > Limits.LABEL_CHARS_MAX) {
      throw new ProblemException(
          ProblemKind.INVALID_REQUEST,
          ACTOR_HEADER + " is longer than " + Limits.LABEL_CHARS_MAX + " characters");
    }
    return actor;
  }

  /** The roles of who asks, as they are told where there is no login; empty: none are known. */
  public List<String> roles() {
    String header = http.header(ROLES_HEADER);
    if (header == null || header.isBlank()) {
      return List.of();
    }
    List<String> roles =
        Arrays.stream(header.split(",")).map(String::trim).filter(r -> !r.isEmpty()).toList();
    if (roles.size() > ROLES_MAX
        || roles.stream().anyMatch(role -> role.length() > Limits.LABEL_CHARS_MAX)) {
      throw new ProblemException(
          ProblemKind.INVALID_REQUEST,
          "%s may name %d roles of %d characters at most, with commas between them"
              .formatted(ROLES_HEADER, ROLES_MAX, Limits.LABEL_CHARS_MAX));
    }
    return roles;
  }

  /** The execution that the path names. */
  public ExecutionKey execution() {
    return execution(http.pathParam("id"));
  }

  /** An execution of the caller's tenant. */
  public ExecutionKey execution(String id) {
    String tenant = tenant();
    ExecutionKey key;
    try {
      key = new ExecutionKey(tenant, id);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(ProblemKind.INVALID_REQUEST, String.valueOf(e.getMessage()));
    }
    if (key.isInternal()) {
      throw notFound(key);
    }
    return key;
  }

  private static ProblemException notFound(ExecutionKey key) {
    return new ProblemException(
        ProblemKind.EXECUTION_NOT_FOUND, "no execution " + key.id() + " in tenant " + key.tenant());
  }

  /**
   * The execution as it is now.
   *
   * @throws ProblemException when there is none of this key
   */
  public static ExecutionState found(Engine engine, ExecutionKey key) {
    return engine.find(key).orElseThrow(() -> notFound(key));
  }

  /** The query's parameters, of which only the named ones are allowed. */
  public Query query(String... known) {
    return new Query(http.queryParamMap(), known);
  }

  /** The body, a JSON object. */
  public Map<String, @Nullable Object> json() {
    requireJson();
    return JsonReader.object(body(BODY_BYTES_MAX));
  }

  /** The body, a JSON object; empty when there is none. */
  public Map<String, @Nullable Object> optionalJson() {
    byte[] body = body(BODY_BYTES_MAX);
    if (body.length == 0) {
      return Map.of();
    }
    requireJson();
    return JsonReader.object(body);
  }

  /**
   * The body, a JSON object, of which one field may be large: it then is kept by reference.
   *
   * @param optional whether there may be no body
   */
  public Map<String, @Nullable Object> largeJson(Blobs blobs, String field, boolean optional) {
    if (optional && mediaType().isEmpty()) {
      return optionalJson();
    }
    requireJson();
    var body = new LargeBody(blobs, tenant(), field);
    return stream(blobs.settings().bytesMax() + BODY_BYTES_MAX, in -> body.read(in, optional));
  }

  /** Reads a body as it comes. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(InputStream in) throws IOException;
  }

  /**
   * What is made of the body while it comes.
   *
   * @throws ProblemException when it is larger than that, or breaks off
   */
  public <T> T stream(long bytesMax, Reader<T> reader) {
    try (InputStream in = http.req().getInputStream()) {
      if (http.req().getContentLengthLong() > bytesMax) {
        drain(in);
        throw tooLarge(bytesMax);
      }
      try {
        return reader.read(in);
      } catch (BlobTooLargeException e) {
        drain(in);
        throw new ProblemException(ProblemKind.BODY_TOO_LARGE, String.valueOf(e.getMessage()));
      } catch (ProblemException | StoreException e) {
        drain(in);
        throw e;
      }
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.INVALID_REQUEST, "the body could not be read: " + e.getMessage());
    }
  }

  private void requireJson() {
    String type = mediaType();
    if (!type.equals("application/json")) {
      throw unsupported(type, "application/json");
    }
  }

  /** The Content-Type without its parameters, in lower case; empty when there is none. */
  public String mediaType() {
    String type = http.req().getContentType();
    if (type == null) {
      return "";
    }
    int parameters = type.indexOf(';');
    return (parameters < 0 ? type : type.substring(0, parameters)).trim().toLowerCase(Locale.ROOT);
  }

  /** A refusal of the Content-Type. */
  public static ProblemException unsupported(String type, String wanted) {
    return new ProblemException(
        ProblemKind.UNSUPPORTED_MEDIA_TYPE,
        "send " + wanted + " as Content-Type, not " + (type.isEmpty() ? "none" : type));
  }

  /** The body's bytes, read no further than the limit. */
  public byte[] body(int bytesMax) {
    try (InputStream in = http.req().getInputStream()) {
      byte[] body =
          http.req().getContentLengthLong() > bytesMax ? null : in.readNBytes(bytesMax + 1);
      if (body == null || body.length > bytesMax) {
        drain(in);
        throw tooLarge(bytesMax);
      }
      return body;
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.INVALID_REQUEST, "the body could not be read: " + e.getMessage());
    }
  }

  /**
   * Reads on, within reason: who is still sending when the connection is closed may never see the
   * answer.
   */
  private static void drain(InputStream in) throws IOException {
    long left = DRAINED_BYTES_MAX;
    long skipped = in.skip(left);
    while (skipped > 0 && left > 0) {
      left -= skipped;
      skipped = in.skip(left);
    }
  }

  private static ProblemException tooLarge(long bytesMax) {
    return new ProblemException(
        ProblemKind.BODY_TOO_LARGE, "the body may have " + bytesMax + " bytes at most");
  }

  /** Answers with a record of the API. */
  public void answer(int status, Object value) {
    answer(status, Json.bytes(value));
  }

  /** Answers with JSON that is written already. */
  public void answer(int status, byte[] json) {
    http.status(status).contentType("application/json").result(json);
  }
}
