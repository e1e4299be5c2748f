package dev.holdfast.grid.summary;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.sql.SqlRow;
import dev.holdfast.core.Command;
import dev.holdfast.grid.GridSettings;
import dev.holdfast.grid.TestMember;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What anybody's Hazelcast client sees, which has none of our classes. */
class SummariesTest {
  private static final String CLUSTER = "test-" + UUID.randomUUID();
  private static TestMember member;
  private static HazelcastInstance client;

  @BeforeAll
  static void start() {
    GridSettings settings = GridSettings.of(CLUSTER, "test").summaries(true).build();
    member = new TestMember(settings, new MemoryStateStore());
    member.register(
        "two", "name: two\ntasks:\n  a: { agent: worker }\n  b: { agent: worker, needs: [a] }\n");
    var config = new ClientConfig().setClusterName(CLUSTER);
    config.getNetworkConfig().addAddress(member.engine.cluster().members().getFirst().address());
    config.setProperty("hazelcast.logging.type", "log4j2");
    client = HazelcastClient.newHazelcastClient(config);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> client.getMap("__sql.catalog").containsKey("executions"));
  }

  @AfterAll
  static void stop() {
    client.shutdown();
    member.close();
  }

  @Test
  void sqlCountsExecutionsByStatus() {
    String definition = "two";
    member.start(definition, "count-1", 1L);
    member.start(definition, "count-2", 2L);
    member.start(definition, "count-3", 3L);
    member.submit("count-2", new Command.CancelExecution("cancel-1", "tester", "because"));
    awaitRows(
        "SELECT status, count(*) FROM executions WHERE id LIKE 'count-%' GROUP BY status",
        Map.of("RUNNING", 2L, "CANCELLED", 1L));
    member.submit("count-1", new Command.CancelExecution("cancel-2", "tester", "because"));
    member.submit("count-3", new Command.CancelExecution("cancel-3", "tester", "because"));
    awaitRows(
        "SELECT status, count(*) FROM executions WHERE id LIKE 'count-%' GROUP BY status",
        Map.of("CANCELLED", 3L));
  }

  private static void awaitRows(String query, Map<String, Long> expected) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          var counts = new TreeMap<String, Long>();
          for (SqlRow row : rows(query)) {
            counts.put(row.getObject(0), row.getObject(1));
          }
          assertThat(counts).isEqualTo(new TreeMap<>(expected));
        });
  }

  @Test
  void aRowSaysHowFarAnExecutionIs() {
    var before = OffsetDateTime.now();
    member.start("two", "far", null);
    var task = member.pollOne("worker");
    member.complete(task, Map.of("n", 1L));
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          List<SqlRow> rows =
              rows("SELECT * FROM executions WHERE __key = 'default/far' AND tasksCompleted = 1");
          assertThat(rows).hasSize(1);
          SqlRow row = rows.getFirst();
          assertThat(row.<String>getObject("tenant")).isEqualTo("default");
          assertThat(row.<String>getObject("id")).isEqualTo("far");
          assertThat(row.<String>getObject("definition")).isEqualTo("two");
          assertThat(row.<Integer>getObject("version")).isEqualTo(1);
          assertThat(row.<Integer>getObject("tasks")).isEqualTo(2);
          assertThat(row.<Integer>getObject("tasksFailed")).isZero();
          assertThat(row.<OffsetDateTime>getObject("startedAt"))
              .isBetween(before.minusSeconds(5), before.plusSeconds(30));
          assertThat(row.<OffsetDateTime>getObject("updatedAt"))
              .isAfterOrEqualTo(row.<OffsetDateTime>getObject("startedAt"));
          assertThat(row.<Object>getObject("endedAt")).isNull();
          assertThat(row.<Object>getObject("error")).isNull();
        });
    member.submit("far", new Command.CancelExecution("cancel-far", "tester", "because"));
  }

  @Test
  void theNewestEndedOnesAreKeptAndNoMore() {
    int many = Summaries.ENDED_MAX + 200;
    for (int i = 0; i < many; i++) {
      member.start("two", "ended-" + i, null);
    }
    awaitCount("id LIKE 'ended-%' AND status = 'RUNNING'", many, many);
    for (int i = 0; i < many; i++) {
      member.submit("ended-" + i, new Command.CancelExecution("c-" + i, "tester", "because"));
    }
    awaitCount("id LIKE 'ended-%' AND status = 'RUNNING'", 0, 0);
    awaitCount("endedAt IS NOT NULL", Summaries.ENDED_MAX - 200, Summaries.ENDED_MAX);
  }

  private static void awaitCount(String where, long least, long most) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertThat(
                    rows("SELECT count(*) FROM executions WHERE " + where)
                        .getFirst()
                        .<Long>getObject(0))
                .isBetween(least, most));
  }

  private static List<SqlRow> rows(String query) {
    var rows = new ArrayList<SqlRow>();
    try (var result = client.getSql().execute(query)) {
      result.forEach(rows::add);
    }
    return rows;
  }
}
