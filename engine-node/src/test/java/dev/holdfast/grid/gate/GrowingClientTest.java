package dev.holdfast.grid.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.ExecutionView;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.client.ExecutionHandle;
import dev.holdfast.client.HoldfastClient;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.sqlite.SqliteStateStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that come into being at run time, by the thin client, and over restarts. */
@Timeout(120)
class GrowingClientTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path folder;

  private static void register(HoldfastClient client, String text) {
    client.register(text);
  }

  @Test
  void aHandlerAddsTasks() throws Exception {
    try (var member = new ClientMember();
        HoldfastClient client = member.connect()) {
      register(
          client,
          """
          name: planning
          tasks:
            plan: { agent: planner, spawn: { max: 10 }, retry: { maxAttempts: 1 } }
            sum: { agent: summer, needs: [plan], input: "${tasks.plan.spawned}" }
          output: "${tasks.sum.output}"
          """);
      try (var _ =
              client
                  .agent(
                      "planner",
                      task -> {
                        int count = ((Long) task.inputObject().get("count")).intValue();
                        for (int i = 0; i < count; i++) {
                          String[] needs = i == 0 ? new String[0] : new String[] {"part" + (i - 1)};
                          task.spawn("part" + i, "worker", Map.of("i", i), needs);
                        }
                        return count;
                      })
                  .start();
          var _ = client.agent("worker", task -> task.inputObject().get("i")).start();
          var _ = client.agent("summer", task -> task.inputObject().size()).start()) {
        ExecutionHandle good = client.start("planning", Map.of("count", 3));
        assertThat(good.awaitResult(SOON).output()).isEqualTo(3L);
        ExecutionHandle tooMany = client.start("planning", Map.of("count", 11));
        await().atMost(SOON).until(() -> tooMany.view().status().isEnded());
        assertThat(tooMany.view().error().type()).isEqualTo("limit-exceeded");
        assertThat(tooMany.view().error().message()).contains("spawn.max is 10");
      }
    }
  }

  @Test
  void aListGoesOnWhereItWasAfterRestarts() throws Exception {
    Supplier<StateStore> store =
        () -> new SqliteStateStore(folder.resolve("test.db"), InstantSource.system());
    int items = 200;
    try (var member = new ClientMember(store.get());
        HoldfastClient client = member.connect()) {
      register(
          client,
          """
          name: listing
          tasks:
            lines: { agent: liner, forEach: "${input}", concurrency: 7, input: "${item * 2}" }
          output: "${tasks.lines.output}"
          """);
      var handled = new ConcurrentHashMap<String, Integer>();
      List<Long> list = IntStream.range(0, items).mapToObj(i -> (long) i).toList();
      try (var _ =
          client
              .agent(
                  "liner",
                  task -> {
                    handled.merge(task.id(), 1, Integer::sum);
                    // Slow enough for a restart to find the list half-way.
                    task.heartbeat();
                    await().pollDelay(Duration.ofMillis(20)).until(() -> true);
                    return (Long) task.input() + 1;
                  })
              .concurrency(7)
              .start()) {
        ExecutionHandle execution = client.start("listing", list);
        for (int restart = 1; restart <= 2; restart++) {
          int enough = restart * items / 4;
          await().atMost(SOON).until(() -> handled.size() > enough);
          member.restart(store);
        }
        var expected = new ArrayList<Object>();
        list.forEach(i -> expected.add(i * 2 + 1));
        assertThat(execution.awaitResult(SOON).output()).isEqualTo(expected);
        assertThat(handled).hasSize(items);
        ExecutionView view = execution.view();
        assertThat(view.tasks()).hasSize(items + 1);
        assertThat(view.tasks())
            .allSatisfy(task -> assertThat(task.status()).isEqualTo(TaskStatus.COMPLETED));
      }
    }
  }
}
