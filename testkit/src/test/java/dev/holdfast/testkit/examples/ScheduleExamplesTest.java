package dev.holdfast.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.FiringOutcome;
import dev.holdfast.api.InvalidRequestException;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.testkit.KitExecution;
import dev.holdfast.testkit.KitSchedule;
import dev.holdfast.testkit.MockAgent;
import dev.holdfast.testkit.TestKit;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Workflows that begin by the clock. */
class ScheduleExamplesTest {
  private static final Map<String, Object> EUROPE = Map.of("region", "eu");
  private static final Duration REPORT = Duration.ofSeconds(3);

  private static ScheduleSpec everyTenSeconds() throws IOException {
    return ExampleFiles.schedule("schedules/every-ten-seconds.yaml");
  }

  private static ScheduleSpec beforeWork() throws IOException {
    return ExampleFiles.schedule("schedules/before-work.yaml");
  }

  @Works("health-report.yaml")
  void aReportIsAboutTheTimeThatItIsFor() {
    TestKit kit = ExampleFiles.kit("health-report.yaml");
    MockAgent reporter = kit.agent("reporter");
    KitExecution report = kit.run("health-report", EUROPE);
    assertThat(report).isCompleted();
    assertThat(reporter.inputs())
        .containsExactly(Map.of("region", "eu", "at", report.startedAt().toString()));
  }

  @Breaks("health-report.yaml")
  void aReportNeedsARegion() throws IOException {
    TestKit kit = ExampleFiles.kit("health-report.yaml");
    kit.agent("reporter");
    assertThatThrownBy(() -> kit.start("health-report", Map.of()))
        .isInstanceOf(InvalidRequestException.class);
    KitSchedule schedule = kit.schedule("bad", everyTenSeconds().input(Map.of()));
    kit.advance(Duration.ofSeconds(10));
    assertThat(schedule.view().recent().getFirst().outcome()).isEqualTo(FiringOutcome.NOT_STARTED);
    assertThat(schedule.view().recent().getFirst().error().message()).contains("region");
  }

  @Works("schedules/every-ten-seconds.yaml")
  void aReportIsWrittenEveryTenSeconds() throws IOException {
    TestKit kit = ExampleFiles.kit("health-report.yaml");
    kit.agent("reporter").taking(REPORT);
    KitSchedule schedule = kit.schedule("every-ten-seconds", everyTenSeconds());
    Instant begin = kit.now();
    kit.advance(Duration.ofSeconds(35));
    assertThat(schedule.executions())
        .extracting(KitExecution::id)
        .containsExactly(
            "every-ten-seconds/" + begin.plusSeconds(10),
            "every-ten-seconds/" + begin.plusSeconds(20),
            "every-ten-seconds/" + begin.plusSeconds(30));
    assertThat(schedule.executions()).allSatisfy(report -> assertThat(report).isCompleted());
  }

  @Breaks("schedules/every-ten-seconds.yaml")
  void aReportThatTakesLongHoldsTheNextOnesUp() throws IOException {
    TestKit kit = ExampleFiles.kit("health-report.yaml");
    kit.agent("reporter").taking(Duration.ofSeconds(25));
    KitSchedule schedule = kit.schedule("every-ten-seconds", everyTenSeconds());
    kit.advance(Duration.ofSeconds(31));
    assertThat(schedule.executions()).hasSize(1);
    assertThat(schedule.view().waiting()).hasSize(2);
    schedule.pause("a look");
    kit.advance(Duration.ofMinutes(1));
    assertThat(schedule.executions()).hasSize(1);
    schedule.resume();
    kit.advance(Duration.ofSeconds(1));
    assertThat(schedule.executions()).hasSize(2);
    assertThat(schedule.view().recent().getFirst().outcome()).isEqualTo(FiringOutcome.PAUSED);
  }

  @Works("schedules/before-work.yaml")
  void theReportIsThereBeforeWork() throws IOException {
    TestKit kit = ExampleFiles.kit("health-report.yaml");
    kit.agent("reporter").taking(REPORT);
    KitSchedule schedule = kit.schedule("before-work", beforeWork());
    kit.advance(Duration.ofDays(7));
    assertThat(schedule.executions())
        .hasSize(5)
        .allSatisfy(report -> assertThat(report.id()).endsWith("T05:30:00Z"));
  }

  @Breaks("schedules/before-work.yaml")
  void yesterdaysReportIsCancelledByTodays() throws IOException {
    TestKit kit = ExampleFiles.kit("health-report.yaml");
    kit.agent("reporter").neverAnswering();
    KitSchedule schedule = kit.schedule("before-work", beforeWork().timeout(Duration.ofDays(30)));
    kit.advance(Duration.ofHours(6));
    schedule.executions().getFirst().pause(PauseMode.IMMEDIATE, "the database is away");
    kit.advance(Duration.ofDays(1));
    assertThat(schedule.executions()).hasSize(2);
    assertThat(schedule.executions().getFirst()).isCancelled();
  }
}
