package dev.holdfast.grid.reach.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.OverlapPolicy;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.api.ScheduleView;
import dev.holdfast.core.Command;
import dev.holdfast.core.ScheduleCommand;
import dev.holdfast.core.ScheduleViews;
import dev.holdfast.grid.GridEngine;
import dev.holdfast.grid.Outcome;
import dev.holdfast.grid.TestCluster;
import dev.holdfast.journal.ExecutionQuery;
import dev.holdfast.journal.ExecutionRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Schedules on several members, of which one dies. */
class ClusterSchedulesTest {
  private static final int PLACES = 3;
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f");
  private static final ScheduleSpec EACH_SECOND =
      ScheduleSpec.of("* * * * * *", "tick")
          .overlap(OverlapPolicy.QUEUE)
          .catchUp(Duration.ofMinutes(5));

  @Test
  void eachTimeHasOneExecutionThoughAMemberDies() {
    try (var cluster = new TestCluster(PLACES)) {
      cluster.register("tick", "{name: tick, tasks: {only: {delay: 20ms}}}");
      for (String name : NAMES) {
        send(
            cluster.member(0),
            name,
            new ScheduleCommand.SetSchedule(key(name), EACH_SECOND, "ann"));
      }
      for (int place = 0; place < PLACES; place++) {
        assertThat(listed(cluster.member(place))).containsExactlyElementsOf(NAMES);
      }
      awaitBegun(cluster.member(1), 2);
      cluster.kill(2);
      GridEngine engine = cluster.member(0);
      awaitBegun(engine, 7);
      assertThat(listed(engine)).containsExactlyElementsOf(NAMES);
      for (String name : NAMES) {
        send(
            engine,
            name,
            new ScheduleCommand.SwitchSchedule("p", ScheduleStatus.PAUSED, "ann", null));
        await().atMost(SOON).until(() -> view(engine, name).running() == null);
        checkTimes(engine, name);
      }
      assertThat(engine.liveCount()).isZero();
    }
  }

  private static ExecutionKey key(String name) {
    return ExecutionKey.ofSchedule("default", name);
  }

  private static void send(GridEngine engine, String name, Command command) {
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> engine.submit(key(name), command).join() instanceof Outcome.Done);
  }

  private static ScheduleView view(GridEngine engine, String name) {
    return engine.find(key(name)).flatMap(ScheduleViews::of).orElseThrow();
  }

  private static List<String> listed(GridEngine engine) {
    return engine.schedules().list("default", 100, null).items().stream()
        .map(ScheduleView::name)
        .toList();
  }

  private static void awaitBegun(GridEngine engine, int least) {
    for (String name : NAMES) {
      await().atMost(SOON).ignoreExceptions().until(() -> view(engine, name).begun() >= least);
    }
  }

  /** Second by second, one execution each. */
  private static void checkTimes(GridEngine engine, String name) {
    var query =
        new ExecutionQuery(
            "default", null, null, null, Map.of("schedule", name), null, null, 1000, null);
    var times = new ArrayList<Instant>();
    for (ExecutionRow row : engine.records().list(query).items()) {
      assertThat(row.endedAt()).as("%s", row).isNotNull();
      times.add(Instant.parse(row.key().id().substring(name.length() + 1)));
    }
    times.sort(Instant::compareTo);
    assertThat(times).hasSize(view(engine, name).begun());
    for (int i = 1; i < times.size(); i++) {
      assertThat(times.get(i)).isEqualTo(times.get(i - 1).plusSeconds(1));
    }
  }
}
