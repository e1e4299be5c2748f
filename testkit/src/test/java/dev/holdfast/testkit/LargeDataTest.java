package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.BlobRef;
import dev.holdfast.api.InvalidRequestException;
import dev.holdfast.api.NotFoundException;
import dev.holdfast.api.TaskFailedException;
import dev.holdfast.testkit.engine.BlobShelf;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data by reference in the kit, pauses out of a task, and the executions of tasks. */
class LargeDataTest {
  private static final String LARGE = "x".repeat(BlobShelf.INLINE_BYTES_MAX);
  private static final byte[] TABLE = "a;b\n1;2\n".getBytes(StandardCharsets.UTF_8);

  private final TestKit kit = TestKit.create();

  private void twoSteps() {
    kit.register(
        """
        name: two-steps
        tasks:
          write: { agent: writer, input: "${input}" }
          read:  { agent: reader, needs: [write], input: { report: "${tasks.write.output}" } }
        output: "${tasks.write.output}"
        """);
  }

  private static Object field(Object value, String name) {
    return ((Map<?, ?>) value).get(name);
  }

  @Test
  void whatIsLargeIsKeptByReferenceAndReadAgain() throws IOException {
    twoSteps();
    kit.agent("writer", task -> List.of(LARGE));
    var seen = new HashMap<String, Object>();
    kit.agent(
        "reader",
        task -> {
          seen.put("read", field(task.input(), "report"));
          seen.put("sent", field(task.inputAsSent(), "report"));
          seen.put("bytes", task.inputStream("report").readAllBytes().length);
          return null;
        });
    KitExecution execution = kit.run("two-steps", null);
    assertThat(execution).isCompleted();
    assertThat(BlobRef.isReference(execution.output())).isTrue();
    assertThat(kit.resolve(execution.output())).isEqualTo(List.of(LARGE));
    assertThat(seen.get("read")).isEqualTo(List.of(LARGE));
    assertThat(BlobRef.isReference(seen.get("sent"))).isTrue();
    assertThat(seen.get("bytes")).isEqualTo(LARGE.length() + 4);
  }

  @Test
  void agentsUploadAndGiveBackStreamsAndFiles(@TempDir Path folder) throws IOException {
    twoSteps();
    Path file = Files.write(folder.resolve("table.csv"), TABLE);
    kit.agent(
        "writer",
        task ->
            switch (String.valueOf(task.input())) {
              case "uploads" ->
                  Map.of(
                      "one", task.upload(file, "text/csv"),
                      "two", task.upload(new ByteArrayInputStream(TABLE), "text/csv"));
              case "streams" -> new ByteArrayInputStream(TABLE);
              default -> file;
            });
    kit.agent("reader");
    Object uploads = kit.run("two-steps", "uploads").output();
    BlobRef one = BlobRef.of(field(uploads, "one"));
    assertThat(one).isEqualTo(BlobRef.of(field(uploads, "two")));
    assertThat(one.mediaType()).isEqualTo("text/csv");
    assertThat(kit.open(one)).hasBinaryContent(TABLE);
    for (String how : List.of("streams", "files")) {
      BlobRef given = BlobRef.of(kit.run("two-steps", how).output());
      assertThat(given.mediaType()).isEqualTo("application/octet-stream");
      assertThat(kit.open(given)).hasBinaryContent(TABLE);
    }
  }

  @Test
  void aReferenceToNothingIsRefusedAsByANode() {
    twoSteps();
    var nothing = new BlobRef("ab".repeat(32), 3, "text/csv");
    kit.agent("writer", task -> nothing);
    kit.agent("reader");
    assertThatThrownBy(() -> kit.start("two-steps", nothing))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("input refers to");
    assertThatThrownBy(() -> kit.open(nothing)).isInstanceOf(NotFoundException.class);
    assertThat(kit.run("two-steps", null)).isFailed().hasError("unknown-reference");
    BlobRef kept = kit.upload(TABLE, "text/csv");
    kit.agent("writer");
    assertThat(kit.run("two-steps", kept)).isCompleted().hasOutput(kept.toValue());
  }

  @Test
  void aLargeInputIsHeldToTheSchemaByWhatItIs() {
    kit.register(
        """
        name: strict
        input: { type: array, items: { type: string } }
        tasks: { only: { agent: only } }
        """);
    kit.agent("only");
    assertThat(kit.run("strict", List.of(LARGE))).isCompleted();
    byte[] number = "7".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> kit.start("strict", kit.upload(number, BlobRef.JSON)))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aTaskPausesItsExecution() {
    twoSteps();
    kit.agent(
        "writer",
        task -> {
          task.pauseWorkflow("look at it");
          return "odd";
        });
    kit.agent("reader");
    KitExecution execution = kit.run("two-steps", null);
    assertThat(execution).isPaused().hasCompleted("write");
    execution.resume();
    kit.runUntilIdle();
    assertThat(execution).isCompleted();
  }

  @Test
  void theExecutionOfATaskIsFoundByTheTask() {
    twoSteps();
    kit.register(
        "name: parent\n"
            + "tasks: { x: { workflow: two-steps, retry: { maxAttempts: 2, jitter: 0 } } }");
    kit.agent(
        "writer",
        task -> {
          if (task.execution().endsWith("/x")) {
            throw TaskFailedException.permanent("closed", "come back later");
          }
          return "written";
        });
    kit.agent("reader");
    KitExecution parent = kit.start("parent");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parent.child("x"))
        .withMessageContaining("no execution carries out task 'x'");
    kit.runUntilIdle();
    assertThat(parent).isCompleted().hasAttempts("x", 2);
    assertThat(parent.child("x")).isCompleted();
    assertThat(parent.child("x").id()).isEqualTo("parent-1/x/2");
    assertThat(kit.execution("parent-1/x")).isFailed();
    assertThatIllegalArgumentException().isThrownBy(() -> parent.child("nobody"));
  }
}
