package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.Api.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data by reference over HTTP. */
class BlobCallsTest {
  private static final String TEXT = "0123456789".repeat(30_000);
  private static final String HASH = sha256(TEXT);
  @RegisterExtension static final TestNode node = new TestNode();
  private static final Api api = node.api;

  static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static Answer post(String text, String... headers) {
    return api.send("POST", "/v1/blobs", "text/csv; charset=utf-8", text, headers);
  }

  @Test
  void contentComesBackWithItsTypeAndHash() {
    Answer posted = post(TEXT).is(201);
    assertThat(posted.text("/sha256")).isEqualTo(HASH);
    assertThat(posted.json().get("bytes").asLong()).isEqualTo(300_000);
    assertThat(posted.text("/mediaType")).isEqualTo("text/csv; charset=utf-8");
    assertThat(posted.json().get("$ref").asString()).isEqualTo("sha256:" + HASH);
    assertThat(posted.header("Location")).isEqualTo("/v1/blobs/" + HASH);
    Answer got = api.get("/v1/blobs/" + HASH).is(200);
    assertThat(got.response().body()).isEqualTo(TEXT);
    assertThat(got.header("Content-Type")).isEqualTo("text/csv; charset=utf-8");
    assertThat(got.header("ETag")).isEqualTo("\"sha256:" + HASH + '"');
    assertThat(got.header("Content-Length")).isEqualTo("300000");
    assertThat(got.header("Repr-Digest")).startsWith("sha-256=:").endsWith(":");
    assertThat(got.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(got.header("Content-Security-Policy")).contains("sandbox");
    Answer head = api.send("HEAD", "/v1/blobs/" + HASH, "text/plain", "").is(200);
    assertThat(head.response().body()).isEmpty();
    assertThat(head.header("Content-Length")).isEqualTo("300000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "text/html",
        "text/csv;charset=ISO-8859-1",
        "application/json",
        "application/x-ndjson",
        "image/png"
      })
  void theTypeComesBackAsItWasGiven(String type) {
    String hash = api.send("POST", "/v1/blobs", type, "content of " + type).is(201).text("/sha256");
    assertThat(api.get("/v1/blobs/" + hash).is(200).header("Content-Type")).isEqualTo(type);
  }

  @Test
  void emptyContentIsContent() {
    String hash = post("").is(201).text("/sha256");
    assertThat(hash).isEqualTo(sha256(""));
    assertThat(api.get("/v1/blobs/" + hash).is(200).response().body()).isEmpty();
  }

  @Test
  void ranges() {
    post(TEXT).is(201);
    range("bytes=0-9", 206, "0123456789", "bytes 0-9/300000");
    range("bytes=299995-", 206, "56789", "bytes 299995-299999/300000");
    range("bytes=-3", 206, "789", "bytes 299997-299999/300000");
    range("bytes=262140-262149", 206, TEXT.substring(262_140, 262_150), null);
    range("bytes=299999-400000", 206, "9", "bytes 299999-299999/300000");
    range("bytes=-400000", 206, TEXT, "bytes 0-299999/300000");
    // Not for us to understand: then the whole is right.
    range("bytes=0-1,5-6", 200, TEXT, "");
    range("bytes=9-2", 200, TEXT, "");
    range("lines=1-2", 200, TEXT, "");
    range("bytes=-", 200, TEXT, "");
    Answer beyond = api.get("/v1/blobs/" + HASH, "Range", "bytes=300000-");
    beyond.refused(416, "range-not-satisfiable");
    assertThat(beyond.header("Content-Range")).isEqualTo("bytes */300000");
  }

  private static void range(String range, int status, String content, String contentRange) {
    Answer got = api.get("/v1/blobs/" + HASH, "Range", range).is(status);
    assertThat(got.response().body()).as(range).isEqualTo(content);
    if (contentRange != null) {
      assertThat(got.header("Content-Range")).as(range).isEqualTo(contentRange);
    }
  }

  @Test
  void conditions() {
    post(TEXT).is(201);
    String tag = "\"sha256:" + HASH + '"';
    api.get("/v1/blobs/" + HASH, "If-None-Match", tag).is(304);
    api.get("/v1/blobs/" + HASH, "If-None-Match", "\"other\"").is(200);
    api.get("/v1/blobs/" + HASH, "If-Range", tag, "Range", "bytes=0-0").is(206);
    api.get("/v1/blobs/" + HASH, "If-Range", "\"other\"", "Range", "bytes=0-0").is(200);
  }

  @Test
  void putHoldsTheContentToItsHash() {
    String text = "put".repeat(1000);
    String hash = sha256(text);
    Answer wrong =
        api.send("PUT", "/v1/blobs/" + hash, "text/plain", text + "!")
            .refused(422, "blob-mismatch");
    assertThat(wrong.text("/detail")).contains(sha256(text + "!"), "nothing was kept");
    api.get("/v1/blobs/" + hash).refused(404, "blob-not-found");
    api.get("/v1/blobs/" + sha256(text + "!")).refused(404, "blob-not-found");
    api.send("PUT", "/v1/blobs/" + hash, "text/plain", text).is(201);
    api.send("PUT", "/v1/blobs/" + hash, "text/plain", text).is(200);
    assertThat(api.get("/v1/blobs/" + hash).is(200).response().body()).isEqualTo(text);
    api.send("PUT", "/v1/blobs/" + hash.toUpperCase(), "text/plain", text)
        .refused(400, "invalid-request");
    api.get("/v1/blobs/12").refused(400, "invalid-request");
  }

  @Test
  void tenantsDoNotSeeEachOthers() {
    String hash = post("of acme", "X-Holdfast-Tenant", "acme").is(201).text("/sha256");
    api.get("/v1/blobs/" + hash).refused(404, "blob-not-found");
    api.get("/v1/blobs/" + hash, "X-Holdfast-Tenant", "acme").is(200);
    api.apply("of-nobody", "name: of-nobody\ntasks: { a: { agent: x } }").is(201);
    api.post(
            "/v1/executions",
            "{\"definition\":\"of-nobody\",\"input\":{\"file\":{\"$ref\":\"sha256:"
                + hash
                + "\"}}}")
        .refused(422, "unknown-reference");
  }

  @Test
  void anUploadThatBreaksOffLeavesNothing() throws IOException {
    long before = node.engine.blobKeeping().totals().blobs();
    try (Socket socket = new Socket("127.0.0.1", node.gateway.port())) {
      socket
          .getOutputStream()
          .write(
              ("POST /v1/blobs HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + "broken")
                  .getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      socket.shutdownOutput();
      try (InputStream answer = socket.getInputStream()) {
        assertThat(new String(answer.readAllBytes(), StandardCharsets.UTF_8))
            .doesNotContain("HTTP/1.1 201");
      }
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() ->
            assertThat(node.engine.blobKeeping().totals().blobs()).isGreaterThanOrEqualTo(before));
    api.get("/v1/blobs/" + sha256("broken")).refused(404, "blob-not-found");
  }
}
