package dev.holdfast.gateway.route;

import dev.holdfast.api.BlobRef;
import dev.holdfast.gateway.call.ByteRange;
import dev.holdfast.gateway.call.Call;
import dev.holdfast.gateway.json.Json;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import dev.holdfast.grid.blob.Blobs;
import dev.holdfast.grid.blob.IncomingBlob;
import dev.holdfast.journal.blob.BlobKey;
import dev.holdfast.journal.blob.StoredBlob;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Data by reference: any content, kept under its SHA-256. Bodies are read and answers written piece
 * by piece.
 */
public final class BlobRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(BlobRoutes.class);
  private static final String UNKNOWN_TYPE = "application/octet-stream";
  private static final int TYPE_CHARS_MAX = 255;
  private static final Pattern TYPE = Pattern.compile("[\\x21-\\x7e]+/[\\x20-\\x7e]+");
  private static final int NOT_MODIFIED = 304;
  private static final int PARTIAL_CONTENT = 206;

  private final Blobs blobs;

  public BlobRoutes(Blobs blobs) {
    this.blobs = blobs;
  }

  /** Adds the calls to the router. */
  public void addTo(RoutesConfig routes) {
    routes.post("/v1/blobs", http -> take(http, null));
    routes.put("/v1/blobs/{sha256}", http -> take(http, key(http)));
    routes.get("/v1/blobs/{sha256}", http -> give(http, true));
    routes.head("/v1/blobs/{sha256}", http -> give(http, false));
  }

  private static BlobKey key(Context http) {
    String tenant = new Call(http).tenant();
    try {
      return new BlobKey(tenant, http.pathParam("sha256"));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(ProblemKind.INVALID_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  /**
   * @param expected what the content has to be; null: whatever it is
   */
  private void take(Context http, @Nullable BlobKey expected) {
    var call = new Call(http);
    String tenant = call.tenant();
    String type = type(http.req().getContentType());
    boolean known = expected != null && blobs.find(expected).isPresent();
    StoredBlob blob =
        call.stream(blobs.settings().bytesMax(), in -> keep(blobs, in, tenant, type, expected));
    http.header("Location", "/v1/blobs/" + blob.key().sha256());
    http.header("ETag", tag(blob));
    call.answer(known ? 200 : 201, json(blob));
  }

  private static StoredBlob keep(
      Blobs blobs, InputStream in, String tenant, String type, @Nullable BlobKey expected)
      throws IOException {
    try (IncomingBlob incoming = blobs.begin()) {
      incoming.readFrom(in);
      if (expected != null && !expected.sha256().equals(incoming.sha256())) {
        throw new ProblemException(
            ProblemKind.BLOB_MISMATCH,
            "the content's SHA-256 is %s; nothing was kept".formatted(incoming.sha256()));
      }
      return incoming.keep(tenant, type);
    }
  }

  private static String type(@Nullable String header) {
    if (header == null || header.isBlank()) {
      return UNKNOWN_TYPE;
    }
    String type = header.strip();
    if (type.length() > TYPE_CHARS_MAX || !TYPE.matcher(type).matches()) {
      throw new ProblemException(
          ProblemKind.INVALID_REQUEST, "Content-Type is not a media type: " + type);
    }
    return type;
  }

  private static byte[] json(StoredBlob blob) {
    BlobRef reference = Blobs.reference(blob, blob.mediaType());
    return Json.write(out -> {
      out.writeStartObject();
      out.writeStringProperty("sha256", reference.sha256());
      out.writeNumberProperty("bytes", reference.bytes());
      out.writeStringProperty("mediaType", reference.mediaType());
      // With this the answer is a reference as it stands.
      out.writeStringProperty(
          BlobRef.FIELD, String.valueOf(reference.toValue().get(BlobRef.FIELD)));
      out.writeEndObject();
    });
  }

  private void give(Context http, boolean withContent) {
    BlobKey key = key(http);
    StoredBlob blob =
        blobs
            .find(key)
            .orElseThrow(() ->
                new ProblemException(
                    ProblemKind.BLOB_NOT_FOUND,
                    "no blob %s in tenant %s".formatted(key.sha256(), key.tenant())));
    HttpServletResponse response = http.res();
    response.setHeader("ETag", tag(blob));
    response.setHeader("Accept-Ranges", "bytes");
    response.setHeader("Vary", "X-Holdfast-Tenant");
    if (tag(blob).equals(http.header("If-None-Match"))) {
      http.status(NOT_MODIFIED);
      return;
    }
    ByteRange range = range(http, blob);
    response.setHeader("Repr-Digest", digest(blob));
    // What agents gave is not ours: no browser is to run it here.
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Content-Security-Policy", "sandbox; default-src 'none'");
    // Javalin names UTF-8 for every answer: of this one nobody has said that.
    response.setCharacterEncoding(null);
    response.setContentType(blob.mediaType());
    if (range != null) {
      response.setStatus(PARTIAL_CONTENT);
      response.setHeader("Content-Range", range.contentRange(blob.bytes()));
    }
    long from = range == null ? 0 : range.from();
    long count = range == null ? blob.bytes() : range.count();
    response.setContentLengthLong(count);
    if (withContent) {
      send(response, key, from, count);
    }
  }

  private static @Nullable ByteRange range(Context http, StoredBlob blob) {
    String condition = http.header("If-Range");
    if (condition != null && !condition.equals(tag(blob))) {
      return null;
    }
    try {
      return ByteRange.of(http.header("Range"), blob.bytes());
    } catch (ProblemException e) {
      http.header("Content-Range", "bytes */" + blob.bytes());
      throw e;
    }
  }

  private void send(HttpServletResponse response, BlobKey key, long from, long count) {
    try (InputStream content = blobs.open(key, from, count)) {
      // Where less comes than was announced the server breaks the connection off, which is how the
      // caller hears of it.
      content.transferTo(response.getOutputStream());
      response.flushBuffer();
    } catch (IOException e) {
      LOG.debug("Blob {} could not be sent: {}", key, e.toString());
    } catch (RuntimeException e) {
      if (!response.isCommitted()) {
        // The headers were those of the content.
        response.reset();
      }
      throw e;
    }
  }

  private static String tag(StoredBlob blob) {
    return "\"sha256:" + blob.key().sha256() + '"';
  }

  /** RFC 9530. */
  private static String digest(StoredBlob blob) {
    byte[] hash = HexFormat.of().parseHex(blob.key().sha256());
    return "sha-256=:" + Base64.getEncoder().encodeToString(hash) + ':';
  }
}
