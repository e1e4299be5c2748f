package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk runs full under a node. Needs root, for a file system of its own. */
class DiskFullIT {
  private static final int DISK_MIB = 24;

  /** Below {@code payload.inlineLimit}: of data by reference equal content is stored once. */
  private static final int PAYLOAD_CHARS = 60_000;

  private static final int STARTS_MAX = 2000;

  @TempDir Path folder;
  private Path disk = Path.of("");

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    disk = Files.createDirectory(folder.resolve("disk"));
    int mounted = run("mount", "-t", "tmpfs", "-o", "size=" + DISK_MIB + "m", "tmpfs", disk);
    assumeThat(mounted).as("mounting a tmpfs, which takes root").isZero();
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    run("umount", disk);
  }

  private static int run(Object... command) throws IOException, InterruptedException {
    var words = new ArrayList<String>();
    for (Object word : command) {
      words.add(word.toString());
    }
    var process = new ProcessBuilder(words).inheritIO().start();
    process.waitFor(10, TimeUnit.SECONDS);
    return process.exitValue();
  }

  @Test
  void nothingIsAcknowledgedWhileTheDiskIsFullAndItGoesOnWhenThereIsSpace() throws IOException {
    Path ballast = disk.resolve("ballast");
    Files.write(ballast, new byte[8 << 20]);
    try (var node =
        new TestNode(disk.resolve("data"), folder.resolve("node.log"), Map.of()).start()) {
      HttpApi http = node.http();
      var definition = "name: one\ntasks: { only: { agent: nobody } }\n";
      assertThat(http.putYaml("/v1/definitions/one", definition).status()).isEqualTo(201);
      var acknowledged = new ArrayList<String>();
      int status = fill(http, acknowledged);
      assertThat(status).isEqualTo(503);
      assertThat(http.get("/health/live").status()).isEqualTo(200);
      assertThat(http.get("/health/ready").status()).isEqualTo(503);
      assertThat(http.get("/v1/executions/" + acknowledged.getFirst()).status()).isEqualTo(200);

      Files.delete(ballast);
      await("it takes work again")
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(start(http, "afterwards", "x")).isIn(200, 201));
      acknowledged.add("afterwards");
      node.kill();
      node.start();
      for (String id : acknowledged) {
        assertThat(http.get("/v1/executions/" + id).status()).as(id).isEqualTo(200);
      }
    }
  }

  @Test
  void aBlobThatTheDiskIsTooSmallForIsRefusedAndLeavesNothingBehind() throws Exception {
    try (var node =
        new TestNode(disk.resolve("data"), folder.resolve("node.log"), Map.of()).start()) {
      HttpApi http = node.http();
      byte[] content = new byte[2 * DISK_MIB << 20];
      HttpApi.Answer refused = http.upload("/v1/blobs", content);
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.json().get("code").asString()).isEqualTo("store-unavailable");
      assertThat(refused.json().get("detail").asString()).contains("No space left");
      assertThat(http.get("/v1/blobs/" + sha256(content)).status()).isEqualTo(404);
      try (var files = Files.walk(disk)) {
        assertThat(files.filter(file -> file.toString().contains("uploads.tmp/"))).isEmpty();
      }
      assertThat(http.get("/health/ready").status()).isEqualTo(200);
      byte[] small = new byte[1 << 20];
      assertThat(http.upload("/v1/blobs", small).status()).isEqualTo(201);
      assertThat(http.text("/v1/blobs/" + sha256(small))).hasSize(small.length);
      var definition = "name: one\ntasks: { only: { agent: nobody } }\n";
      assertThat(http.putYaml("/v1/definitions/one", definition).status()).isEqualTo(201);
      assertThat(start(http, "afterwards", "x")).isEqualTo(201);
    }
  }

  private static String sha256(byte[] content) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  /** Starts executions until one is refused; the refusal's status. */
  private static int fill(HttpApi http, List<String> acknowledged) throws IOException {
    for (int i = 0; i < STARTS_MAX; i++) {
      int status = start(http, "e" + i, "x".repeat(PAYLOAD_CHARS));
      if (status != 201) {
        return status;
      }
      acknowledged.add("e" + i);
    }
    return 201;
  }

  private static int start(HttpApi http, String id, String input) throws IOException {
    return http.post("/v1/executions", Map.of("definition", "one", "id", id, "input", input))
        .status();
  }
}
