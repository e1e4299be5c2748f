package dev.holdfast.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.gateway.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final Pattern DOCUMENTED =
      Pattern.compile("^\\| `(holdfast_[a-z_]+)", Pattern.MULTILINE);
  private static final Pattern SHOWN =
      Pattern.compile("^(holdfast_[a-z_]+)[ {]", Pattern.MULTILINE);
  private static TestNode node;

  @BeforeAll
  static void start() {
    node = new TestNode();
    // What is taken over while it starts is offered once more, and a queue shows that.
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> node.metrics.scrape().contains("holdfast_partitions_taken_total 271.0"));
    node.api.apply("metered", "name: metered\ntasks:\n  only: { agent: metered }\n").is(201);
    node.api.start("metered");
    var task = node.api.take("metered");
    node.api.complete(task, "1").is(204);
    node.api.post(
        "/v1/tasks/" + task.get("token").asString() + "/fail", "{\"error\":{\"type\":\"late\"}}");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void whatIsDocumentedIsShownAndTheReverse() throws IOException {
    String documentation = Files.readString(Path.of("..", "docs", "METRICS.md"));
    assertThat(names(SHOWN, node.metrics.scrape()))
        .isEqualTo(names(DOCUMENTED, documentation))
        .hasSizeGreaterThan(20);
  }

  private static TreeSet<String> names(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void whatHappenedIsCounted() {
    String shown = node.api.get("/metrics").is(200).response().body();
    assertThat(shown)
        .contains("holdfast_commands_accepted_total{kind=\"StartExecution\"} 1.0")
        .contains("holdfast_commands_rejected_total{code=\"stale-attempt\"} 1.0")
        .contains("holdfast_executions_ended_total{status=\"COMPLETED\"} 1.0")
        .contains("holdfast_executions_live 0.0")
        .contains("holdfast_tasks_ready_oldest_seconds 0.0")
        .contains("holdfast_journal_healthy 1.0")
        .contains("route=\"/v1/executions\",status=\"201\"")
        .contains("jvm_memory_used_bytes");
  }

  @Test
  void tenantsAndPathsAreNoLabels() {
    node.api.get("/v1/executions", "X-Holdfast-Tenant", "acme").is(200);
    node.api.get("/no/such/path");
    assertThat(node.metrics.scrape()).doesNotContain("acme").doesNotContain("/no/such/path");
  }
}
