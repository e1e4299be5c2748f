package dev.holdfast.grid.summary;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.sql.HazelcastSqlException;
import com.hazelcast.sql.SqlRow;
import dev.holdfast.core.Command;
import dev.holdfast.grid.TestCluster;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SummariesOfClusterTest {
  private static final int EXECUTIONS = 60;

  @Test
  void rowsOfADeadMemberAreWrittenAnewByItsSuccessors() {
    try (var cluster = new TestCluster(3, 3, place -> new MemoryStateStore(), true)) {
      cluster.register("one", "name: one\ntasks:\n  a: { agent: nobody }\n");
      for (int i = 0; i < EXECUTIONS; i++) {
        cluster.start(i % 3, "one", "e-" + i, null);
      }
      awaitCounts(cluster, 1, Map.of("RUNNING", (long) EXECUTIONS));

      // The oldest: the one that created the table.
      cluster.kill(0);
      cluster.awaitOpen(2);
      awaitCounts(cluster, 1, Map.of("RUNNING", (long) EXECUTIONS));

      for (int i = 0; i < 10; i++) {
        cluster.submit(2, "e-" + i, new Command.CancelExecution("c-" + i, "tester", "because"));
      }
      awaitCounts(cluster, 2, Map.of("RUNNING", EXECUTIONS - 10L, "CANCELLED", 10L));
    }
  }

  private static void awaitCounts(TestCluster cluster, int place, Map<String, Long> expected) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreException(HazelcastSqlException.class)
        .untilAsserted(() -> {
          var counts = new TreeMap<String, Long>();
          try (var rows =
              cluster
                  .member(place)
                  .hazelcast()
                  .getSql()
                  .execute("SELECT status, count(*) FROM executions GROUP BY status")) {
            for (SqlRow row : rows) {
              counts.put(row.getObject(0), row.getObject(1));
            }
          }
          assertThat(counts).isEqualTo(new TreeMap<>(expected));
        });
  }
}
