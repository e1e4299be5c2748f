package dev.holdfast.grid.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.BlobRef;
import dev.holdfast.api.InvalidRequestException;
import dev.holdfast.api.NotFoundException;
import dev.holdfast.client.ExecutionHandle;
import dev.holdfast.client.HoldfastClient;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Large data by the thin client: handlers don't see that it travels by reference. */
@Timeout(120)
class LargeClientTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String PASS =
      """
      name: pass
      tasks:
        make: { agent: maker, retry: { maxAttempts: 1 } }
        use:
          agent: user
          needs: [make]
          retry: { maxAttempts: 1 }
          input: { report: "${tasks.make.output}", n: 1 }
      output: "${tasks.make.output}"
      """;

  @TempDir Path folder = Path.of("");

  private static String text(int chars) {
    return "x".repeat(chars);
  }

  @Test
  void aLargeValueComesAsItIsAndTravelsByReference() throws Exception {
    try (var member = new ClientMember();
        HoldfastClient client = member.connect()) {
      client.register(PASS);
      for (int chars : new int[] {100_000, 3_000_000}) {
        var seen = new AtomicReference<@Nullable Object>();
        var sent = new AtomicReference<@Nullable Object>();
        Object output = Map.of("text", text(chars), "more", List.of(1L, 2L));
        try (var _ = client.agent("maker", task -> output).start();
            var _ =
                client
                    .agent(
                        "user",
                        task -> {
                          seen.set(task.inputObject().get("report"));
                          sent.set(task.inputAsSent());
                          try (InputStream in = task.inputStream("report")) {
                            return in.readAllBytes().length;
                          }
                        })
                    .start()) {
          ExecutionHandle one = client.start("pass");
          Object ended = one.awaitResult(SOON).output();
          assertThat(seen.get()).isEqualTo(output);
          BlobRef reference = BlobRef.of(((Map<?, ?>) sent.get()).get("report"));
          assertThat(reference).isNotNull();
          assertThat(reference.mediaType()).isEqualTo("application/json");
          assertThat(reference.bytes()).isGreaterThan(chars);
          assertThat(ended).isEqualTo(reference.toValue());
          assertThat(client.resolve(ended)).isEqualTo(output);
          assertThat(one.view().tasks().get(1).output()).isEqualTo(reference.bytes());
        }
      }
    }
  }

  @Test
  void streamsAndFilesAreUploadedAsTheyAre() throws Exception {
    byte[] content = new byte[5_000_000];
    new Random(3).nextBytes(content);
    Path file = Files.write(folder.resolve("report.bin"), content);
    try (var member = new ClientMember();
        HoldfastClient client = member.connect()) {
      client.register(PASS);
      List<Object> outputs = List.of(file, new ByteArrayInputStream(content));
      for (Object output : outputs) {
        try (var _ = client.agent("maker", task -> output).start();
            var _ =
                client
                    .agent(
                        "user",
                        task -> {
                          assertThat(BlobRef.of(task.inputObject().get("report"))).isNotNull();
                          try (InputStream in = task.inputStream("report")) {
                            return Arrays.equals(in.readAllBytes(), content);
                          }
                        })
                    .start()) {
          ExecutionHandle one = client.start("pass");
          BlobRef reference = BlobRef.of(one.awaitResult(SOON).output());
          assertThat(reference).isNotNull();
          assertThat(reference.bytes()).isEqualTo(content.length);
          assertThat(one.view().tasks().get(1).output()).isEqualTo(true);
          try (InputStream in = client.open(reference)) {
            assertThat(in.readAllBytes()).isEqualTo(content);
          }
        }
      }
    }
  }

  @Test
  void partsCanBeUploadedAndReferredToAnywhere() throws Exception {
    try (var member = new ClientMember();
        HoldfastClient client = member.connect()) {
      client.register(PASS);
      Path csv = Files.writeString(folder.resolve("a.csv"), "a;b\n1;2\n");
      BlobRef input = client.upload(csv, "text/csv");
      var empty = client.upload(new ByteArrayInputStream(new byte[0]), "text/plain");
      assertThat(empty.bytes()).isZero();
      record Made(String name, BlobRef data, Object copy) {}
      try (var _ =
              client
                  .agent(
                      "maker",
                      task -> {
                        try (InputStream in = task.inputStream("files", "main")) {
                          BlobRef copy = task.upload(in, "text/csv");
                          return new Made("n", copy, List.of(copy));
                        }
                      })
                  .start();
          var _ =
              client
                  .agent(
                      "user",
                      task -> {
                        assertThatThrownBy(() -> task.inputStream("report", "missing"))
                            .hasMessageContaining("no field report.missing");
                        try (InputStream in = task.inputStream("report", "data")) {
                          return new String(in.readAllBytes(), StandardCharsets.UTF_8);
                        }
                      })
                  .start()) {
        ExecutionHandle one =
            client.start("pass", Map.of("files", Map.of("main", input), "empty", empty));
        Object output = one.awaitResult(SOON).output();
        assertThat(output)
            .isEqualTo(
                Map.of("name", "n", "data", input.toValue(), "copy", List.of(input.toValue())));
        assertThat(one.view().tasks().get(1).output()).isEqualTo("a;b\n1;2\n");
      }
    }
  }

  @Test
  void aLargeInputIsUploaded() throws Exception {
    try (var member = new ClientMember();
        HoldfastClient client = member.connect()) {
      client.register("name: just\ntasks: { a: { agent: just } }");
      try (var _ =
          client
              .agent("just", task -> task.inputObject().get("text").toString().length())
              .start()) {
        for (int chars : new int[] {10, 100_000, 2_000_000}) {
          ExecutionHandle one = client.start("just", Map.of("text", text(chars)));
          one.awaitResult(SOON);
          assertThat(one.view().tasks().getFirst().output()).isEqualTo((long) chars);
          assertThat(BlobRef.isReference(one.view().input())).isEqualTo(chars > 1000);
        }
      }
    }
  }

  @Test
  void whatIsNotThereIsRefused() throws Exception {
    try (var member = new ClientMember();
        HoldfastClient client = member.connect();
        HoldfastClient other = member.connect("other")) {
      client.register("name: just\ntasks: { a: { agent: just, retry: { maxAttempts: 1 } } }");
      BlobRef theirs = other.upload(new ByteArrayInputStream(new byte[] {1, 2}), "text/plain");
      assertThatThrownBy(() -> client.open(theirs).read()).isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> client.start("just", Map.of("file", theirs)))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("input.file refers to sha256:");
      try (var _ = client.agent("just", task -> theirs).start()) {
        ExecutionHandle one = client.start("just");
        assertThat(one.view().id()).isNotEmpty();
        assertThatThrownBy(() -> one.awaitResult(SOON).output())
            .hasMessageContaining("output refers to");
      }
    }
  }
}
