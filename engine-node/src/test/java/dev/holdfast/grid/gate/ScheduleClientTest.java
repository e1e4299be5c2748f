package dev.holdfast.grid.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.ExecutionFilter;
import dev.holdfast.api.FiringOutcome;
import dev.holdfast.api.HistoryEvent;
import dev.holdfast.api.InvalidRequestException;
import dev.holdfast.api.NotFoundException;
import dev.holdfast.api.OverlapPolicy;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.api.ScheduleView;
import dev.holdfast.client.HoldfastClient;
import dev.holdfast.client.ScheduleHandle;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an application does with schedules by the thin client. */
class ScheduleClientTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void schedulesAreSetSeenPausedAndDeleted() {
    try (var member = new ClientMember();
        HoldfastClient client = member.connect()) {
      client.register("name: tick\ntasks: { only: { delay: 1ms, input: { n: '${input.n}' } } }\n");
      ScheduleHandle schedule = client.schedule("each-second");
      assertThatExceptionOfType(NotFoundException.class).isThrownBy(schedule::view);
      assertThatExceptionOfType(InvalidRequestException.class)
          .isThrownBy(() -> schedule.set(ScheduleSpec.of("* *", "tick")))
          .withMessageContaining("cron has 2 fields");
      ScheduleSpec spec =
          ScheduleSpec.of("* * * * * *", "tick")
              .input(Map.of("n", 7))
              .overlap(OverlapPolicy.QUEUE)
              .zone("Europe/Berlin");
      assertThat(schedule.set(spec).revision()).isEqualTo(1);
      assertThat(schedule.set(spec).revision()).isEqualTo(1);
      await().atMost(SOON).until(() -> schedule.view().begun() >= 2);
      schedule.pause("a look");
      assertThat(schedule.view().pause().reason()).isEqualTo("a look");
      await().atMost(SOON).until(() -> schedule.view().running() == null);
      ScheduleView view = schedule.view();
      assertThat(view.status()).isEqualTo(ScheduleStatus.PAUSED);
      assertThat(view.input()).isEqualTo(Map.of("n", 7L));
      assertThat(view.recent())
          .hasSize(view.begun())
          .allMatch(firing -> firing.outcome() == FiringOutcome.COMPLETED);
      var listed = client.list(ExecutionFilter.ALL.attributes(Map.of("schedule", "each-second")));
      assertThat(listed.items()).hasSize(view.begun());
      String id = listed.items().getFirst().id();
      assertThat(client.execution(id).view().scheduled().by()).isEqualTo("each-second");
      assertThat(client.schedules(null).items())
          .extracting(ScheduleView::name)
          .containsExactly("each-second");
      assertThat(client.list(ExecutionFilter.ALL).items())
          .noneMatch(item -> item.id().startsWith("_"));
      assertThatExceptionOfType(NotFoundException.class)
          .isThrownBy(() -> client.execution("_schedule/each-second").view());
      assertThatExceptionOfType(NotFoundException.class)
          .isThrownBy(() -> client.execution("_schedule/each-second").cancel("no"));
      schedule.resume(null);
      schedule.delete();
      assertThatExceptionOfType(NotFoundException.class).isThrownBy(schedule::view);
      List<HistoryEvent> history = schedule.history(0, 1000);
      assertThat(history)
          .extracting(HistoryEvent::type)
          .startsWith("ExecutionStarted", "ScheduleSet", "TimesCame", "FiringBegan")
          .endsWith("ScheduleSwitched");
    }
  }
}
