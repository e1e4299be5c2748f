package dev.holdfast.grid.reach.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.core.Event;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.DispatchSettings;
import dev.holdfast.grid.GridEngine;
import dev.holdfast.grid.Outcome;
import dev.holdfast.grid.RateLimit;
import dev.holdfast.grid.TestCluster;
import dev.holdfast.grid.TestMember;
import dev.holdfast.journal.HistoryItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One capability's rate limit on three members, all of which have tasks that wait for it. */
class RateTokensTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PLACES = 3;
  private static final int RATE = 20;

  /** A bucket of a tenth of a second, and as much with each member that was given it before. */
  private static final int AT_ONCE = RATE / 10 * (PLACES + 1);

  private static final int EXECUTIONS_EACH = 2;
  private static final int TASKS = 10;

  private final TestCluster cluster =
      new TestCluster(
          PLACES,
          new DispatchSettings(Map.of("worker", RateLimit.parse(RATE + "/s")), Map.of(), 0));

  @AfterEach
  void stop() {
    cluster.close();
  }

  private int mostHeldUp;

  /** On each member as many. */
  private List<String> begin() {
    cluster.register(
        "wide",
        "{name: wide, tasks: {list: {agent: worker, heartbeat: 3s, forEach: '${input.of}'}}}");
    List<Long> items = LongStream.range(0, TASKS).boxed().toList();
    var ids = new ArrayList<String>();
    for (int place = 0; place < PLACES; place++) {
      for (int i = 0; i < EXECUTIONS_EACH; i++) {
        String id = cluster.idOwnedBy(place);
        assertThat(cluster.start(place, "wide", id, Map.of("of", items)))
            .isInstanceOf(Outcome.Done.class);
        ids.add(id);
      }
    }
    return ids;
  }

  private GridEngine anybody() {
    return cluster.running().getFirst();
  }

  private boolean allEnded(List<String> ids) {
    return ids.stream()
        .allMatch(id ->
            anybody()
                .find(TestMember.key(id))
                .filter(state -> state.status().isEnded())
                .isPresent());
  }

  /** Does what is handed out, by way of all members, until all have ended or so many were done. */
  private void work(List<String> ids, int most) {
    var done = new ArrayList<String>();
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> {
          for (int place = 0; place < PLACES; place++) {
            if (cluster.isRunning(place)) {
              for (Assignment task : cluster.poll(place, "worker", 20, Duration.ofMillis(50))) {
                cluster.complete(place, task, "done");
                done.add(task.execution());
              }
            }
          }
          mostHeldUp = Math.max(mostHeldUp, heldUp());
          return done.size() >= most || allEnded(ids);
        });
  }

  /** Tasks that wait for their turn, on all members together. */
  private int heldUp() {
    return cluster.running().stream()
        .mapToInt(member -> member.agents().waitingTasks().rateLimited().getOrDefault("worker", 0))
        .sum();
  }

  /** When tasks were handed over, in all executions. */
  private List<Instant> handOvers(List<String> ids) {
    var times = new ArrayList<Instant>();
    for (String id : ids) {
      for (HistoryItem item : anybody().records().history(TestMember.key(id), 0, 1000)) {
        if (item.event() instanceof Event.TaskStarted) {
          times.add(item.at());
        }
      }
    }
    times.sort(Instant::compareTo);
    return times;
  }

  private static void assertPaced(List<Instant> times) {
    for (int first = 0; first < times.size(); first++) {
      Instant end = times.get(first).plusSeconds(1);
      long within = times.subList(first, times.size()).stream().filter(end::isAfter).count();
      assertThat(within)
          .as("in the second from hand-over %d on", first)
          .isLessThanOrEqualTo(RATE + AT_ONCE);
    }
    // Three members with a limit each would have been done in a third of that.
    Duration whole = Duration.between(times.getFirst(), times.getLast());
    assertThat(whole.toMillis()).isGreaterThan((times.size() - AT_ONCE) * 1000L / RATE);
  }

  @Test
  void allMembersTogetherHandOutNoMoreThanTheRate() {
    List<String> ids = begin();
    work(ids, Integer.MAX_VALUE);
    List<Instant> times = handOvers(ids);
    assertThat(times).hasSizeGreaterThanOrEqualTo(ids.size() * TASKS);
    assertPaced(times);
    assertThat(mostHeldUp).as("what the limit holds up is counted").isGreaterThan(TASKS);
    assertThat(cluster.running())
        .allSatisfy(member ->
            assertThat(member.agents().waitingTasks().rateLimited()).containsEntry("worker", 0));
  }

  @Test
  void whoTakesOverTheTokensKeepsToTheRate() {
    List<String> ids = begin();
    int giver = cluster.ownerOf(RateTokens.place("worker").id());
    work(ids, ids.size() * TASKS / 3);
    cluster.kill(giver);
    work(ids, Integer.MAX_VALUE);
    assertThat(allEnded(ids)).isTrue();
    assertPaced(handOvers(ids));
  }
}
