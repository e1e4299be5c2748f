package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.journal.postgres.PostgresServer;
import dev.holdfast.node.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A node on PostgreSQL, both as processes of their own, and each of them killed in turn while
 * executions are under way.
 */
class PostgresIT {
  private static final int ROUNDS = Integer.getInteger("holdfast.soak", 1);
  private static final int RUNNING = 60;

  private static final String DEFINITION =
      """
      name: shared
      tasks:
        first: { agent: by-http }
        then:  { agent: by-http, needs: [first] }
        last:  { agent: by-http, needs: [then] }
      """;

  @TempDir Path folder;
  private final PostgresServer server = PostgresServer.start(false);
  private final String url = server.newDatabase();
  private final Ledger ledger = new Ledger();
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private final AtomicInteger number = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  @AfterEach
  void closeServer() {
    server.close();
  }

  private TestNode node() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), PostgresServer.PASSWORD + '\n');
    return new TestNode(
        folder,
        Map.of(
            "HOLDFAST_STORE_USER",
            PostgresServer.USER,
            "HOLDFAST_STORE_PASSWORD_FILE",
            secret.toString()),
        "--store",
        "postgres",
        "--store-url",
        url + "?socketTimeout=3");
  }

  @Test
  void nothingAcknowledgedIsLostWhenNodeAndDatabaseAreKilledInTurn() throws IOException {
    long seed = Long.getLong("holdfast.seed", ThreadLocalRandom.current().nextLong());
    var random = new Random(seed);
    try (var node = node().start()) {
      HttpApi http = node.http();
      assertThat(http.putYaml("/v1/definitions/shared", DEFINITION).status()).isEqualTo(201);
      try (var _ = new HttpAgent(http, "by-http", new Work())) {
        for (int round = 0; round < ROUNDS; round++) {
          startSome(http, random);
          node.kill();
          node.start();
          startSome(http, random);
          server.kill();
          assertThatItIsRefusedUntil(http, server::start);
          startSome(http, random);
          server.suspend();
          assertThatItIsRefusedUntil(http, server::resume);
        }
        await("every acknowledged start ends (seed " + seed + ")")
            .atMost(Duration.ofSeconds(90))
            .pollInterval(Duration.ofMillis(200))
            .ignoreExceptions()
            .untilAsserted(() -> assertThat(notEnded(http)).isEmpty());
      }
      assertThat(ledger.starts()).hasSizeGreaterThanOrEqualTo(ROUNDS * RUNNING);
      assertThat(refused).hasPositiveValue();
      var wrong = new ArrayList<>(ledger.violations());
      for (String execution : ledger.starts()) {
        wrong.addAll(ledger.check(execution, http.history(execution)));
      }
      assertThat(wrong).as("seed %d, log %s", seed, node.log).isEmpty();
      assertThat(Files.readString(node.log)).doesNotContain(PostgresServer.PASSWORD);
    }
  }

  private void startSome(HttpApi http, Random random) {
    int some = RUNNING / 2 + random.nextInt(RUNNING);
    for (int i = 0; i < some; i++) {
      try {
        start(http, "e" + number.incrementAndGet());
      } catch (IOException e) {
        refused.incrementAndGet();
      }
    }
  }

  private int start(HttpApi http, String id) throws IOException {
    int status = http.post("/v1/executions", Map.of("definition", "shared", "id", id)).status();
    if (status == 200 || status == 201) {
      ledger.started(id);
    }
    return status;
  }

  /** Every write is refused while the database is away, soon at once; then all goes on. */
  private void assertThatItIsRefusedUntil(HttpApi http, Runnable back) throws IOException {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> start(http, "e" + number.incrementAndGet()) == 503);
    refused.incrementAndGet();
    long begun = System.nanoTime();
    var answer =
        http.post(
            "/v1/executions", Map.of("definition", "shared", "id", "e" + number.incrementAndGet()));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.json().get("code").asString()).isEqualTo("store-unavailable");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
    assertThat(http.get("/v1/executions").status()).isEqualTo(503);
    assertThat(http.get("/health/live").status()).isEqualTo(200);
    assertThat(http.get("/health/ready").status()).isEqualTo(503);
    back.run();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> start(http, "e" + number.incrementAndGet()) == 201);
  }

  private List<String> notEnded(HttpApi http) throws IOException {
    var missing = new HashSet<>(ledger.starts());
    missing.removeAll(ended);
    for (String id : List.copyOf(missing)) {
      var answer = http.get("/v1/executions/" + id);
      if (answer.status() == 200 && !answer.json().path("endedAt").isMissingNode()) {
        ended.add(id);
        missing.remove(id);
      }
    }
    return List.copyOf(missing);
  }

  @Test
  void databaseThatIsNotThereIsNamedAtTheStart() throws IOException {
    Path log = folder.resolve("start.log");
    try (ChildProcess process =
        TestNode.launch(
            log,
            "server",
            "--http-port",
            "0",
            "--port",
            "0",
            "--store",
            "postgres",
            "--store-url",
            url)) {
      // Without a user and a password: no waiting helps.
      assertThat(process.waitFor(Duration.ofSeconds(60))).isEqualTo(1);
      assertThat(process.stderr()).contains(url).contains("can't open the store");
    }
  }

  private final class Work implements HttpAgent.Work {
    @Override
    public Map<String, Object> handle(JsonNode task) {
      ledger.handed(task.get("execution").asString(), task.get("task").asString());
      return Map.of("of", task.get("task").asString());
    }

    @Override
    public void acknowledged(JsonNode task, Map<String, Object> output) {
      ledger.completed(
          task.get("execution").asString(), task.get("task").asString(), output.get("of"));
    }
  }
}
