package dev.holdfast.core;

import static dev.holdfast.core.Given.fireTimers;
import static dev.holdfast.core.Given.noSchedule;
import static dev.holdfast.core.ScheduleTable.BEGIN;
import static dev.holdfast.core.ScheduleTable.COMPLETED;
import static dev.holdfast.core.ScheduleTable.EVERY_MINUTE;
import static dev.holdfast.core.ScheduleTable.FIRST;
import static dev.holdfast.core.ScheduleTable.MINUTE;
import static dev.holdfast.core.ScheduleTable.PAUSE;
import static dev.holdfast.core.ScheduleTable.RESUME;
import static dev.holdfast.core.ScheduleTable.SET;
import static dev.holdfast.core.ScheduleTable.turn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.FiringOutcome;
import dev.holdfast.api.OverlapPolicy;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.api.ScheduleView;
import dev.holdfast.api.TaskError;
import dev.holdfast.core.ScheduleCommand.BeginFiring;
import dev.holdfast.core.ScheduleCommand.SetSchedule;
import dev.holdfast.core.ScheduleEvent.FiringBegan;
import dev.holdfast.core.ScheduleEvent.FiringEnded;
import dev.holdfast.core.ScheduleEvent.PassedOver;
import dev.holdfast.core.ScheduleEvent.ScheduleSet;
import dev.holdfast.core.ScheduleEvent.ScheduleSwitched;
import dev.holdfast.core.ScheduleEvent.TimesCame;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private static Instant minute(int n) {
    return Given.T0.plus(MINUTE.multipliedBy(n));
  }

  private static Given schedule(ScheduleSpec spec) {
    return noSchedule().and(new SetSchedule(Given.SCHEDULE, spec, "ann"));
  }

  private static Given of(OverlapPolicy overlap) {
    return schedule(EVERY_MINUTE.overlap(overlap).catchUp(HOUR));
  }

  private static Given running(OverlapPolicy overlap) {
    return of(overlap).after(MINUTE).and(fireTimers(), BEGIN);
  }

  @Test
  void timeThatComesIsCarriedOutByAnExecutionOfItsOwn() {
    Given given = noSchedule();
    given.when(SET).thenAmongOthers(new ScheduleSet(EVERY_MINUTE, FIRST, "ann"));
    assertThat(Timers.next(given.state())).contains(FIRST);
    assertThat(Effects.of(given.state(), given.events()))
        .containsExactly(new Effect.ListSchedule(), new Effect.ArmTimer(FIRST));
    given
        .after(MINUTE)
        .when(fireTimers())
        .then(new TimesCame(List.of(FIRST), List.of(), null, minute(2)));
    assertThat(Effects.of(given.state(), given.events()))
        .contains(new Effect.BeginFiring(FIRST), new Effect.ArmTimer(minute(2)));
    given
        .when(BEGIN)
        .then(new FiringBegan(1, FIRST, 17, "nightly/2026-01-01T00:01:00Z", "report", 3));
    Attempt attempt = given.schedule().running().attempt();
    assertThat(Effects.of(given.state(), given.events()))
        .contains(new Effect.HoldChild(FIRST.toString(), attempt, true));
    given.when(COMPLETED).then(new FiringEnded(1, FiringOutcome.COMPLETED, null));
    assertThat(given.schedule().recent().getFirst().execution())
        .isEqualTo("nightly/2026-01-01T00:01:00Z");
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.RUNNING);
  }

  @Test
  void childIsGivenWhatTheScheduleSays() {
    ScheduleSpec spec =
        EVERY_MINUTE.input(Map.of("n", 1L)).attributes(Map.of("team", "ops")).priority(9);
    Given given = schedule(spec).after(MINUTE).and(fireTimers(), BEGIN);
    Attempt attempt = given.schedule().running().attempt();
    String time = FIRST.toString();
    assertThat(ChildCommands.attempt(given.state(), time, 1)).contains(attempt);
    assertThat(ChildCommands.definition(given.state(), time, 1)).contains("report");
    Command.StartExecution start =
        ChildCommands.start(
            given.state(), time, attempt, attempt.child(), PlanBuilder.of("a").build());
    assertThat(start.key().id()).isEqualTo("nightly/" + time);
    assertThat(start.input()).isEqualTo(Map.of("n", 1L));
    assertThat(start.attributes()).isEqualTo(Map.of("team", "ops", "schedule", "nightly"));
    assertThat(start.priority()).isEqualTo(9);
    assertThat(start.by()).isEqualTo("schedule nightly");
    assertThat(start.parent().isOfSchedule()).isTrue();
    assertThat(start.parent().scheduledAt()).isEqualTo(FIRST);
    assertThat(start.parent().depth()).isZero();
  }

  @Test
  void whatRunsIsNotOverlapped() {
    Given given = running(OverlapPolicy.SKIP).after(MINUTE);
    given
        .when(fireTimers())
        .then(
            new TimesCame(List.of(), List.of(over(2, 2, FiringOutcome.SKIPPED)), null, minute(3)));
    given.after(MINUTE).and(fireTimers(), COMPLETED);
    assertThat(given.schedule().recent())
        .extracting(Schedule.Past::outcome, Schedule.Past::count)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(FiringOutcome.SKIPPED, 2),
            org.assertj.core.groups.Tuple.tuple(FiringOutcome.COMPLETED, 1));
  }

  private static PassedOver over(int first, int last, FiringOutcome why) {
    return new PassedOver(minute(first), minute(last), last - first + 1, why);
  }

  @Test
  void timesThatQueueBeginOneAfterTheOther() {
    Given given = running(OverlapPolicy.QUEUE).after(MINUTE).and(fireTimers());
    given.after(MINUTE).and(fireTimers());
    assertThat(given.schedule().waiting()).containsExactly(minute(2), minute(3));
    given.when(new BeginFiring(minute(2), 18, 3)).changesNothing();
    given.and(COMPLETED);
    assertThat(Effects.recover(given.state())).contains(new Effect.BeginFiring(minute(2)));
    given.when(new BeginFiring(minute(3), 18, 3)).changesNothing();
    given.and(new BeginFiring(minute(2), 18, 0));
    assertThat(given.schedule().running().attempt().child().version()).isZero();
    given
        .when(tell(2, new ChildReport.NotStarted(new TaskError("no", "none is registered"))))
        .then(
            new FiringEnded(
                2, FiringOutcome.NOT_STARTED, new TaskError("no", "none is registered")));
    assertThat(given.schedule().recent().getLast().execution()).isNull();
  }

  private static Command tell(int number, ChildReport report) {
    return new Command.TellOfChild("any", number, report);
  }

  @Test
  void queueIsBounded() {
    Given given =
        schedule(EVERY_MINUTE.overlap(OverlapPolicy.QUEUE).catchUp(Duration.ofDays(1)))
            .after(Duration.ofMinutes(105))
            .and(fireTimers());
    int most = Limits.SCHEDULE_WAITING_MAX;
    assertThat(given.schedule().waiting()).hasSize(most).startsWith(FIRST).endsWith(minute(most));
    assertThat(given.schedule().recent().getFirst().outcome()).isEqualTo(FiringOutcome.QUEUE_FULL);
    assertThat(given.schedule().recent().getFirst().count()).isEqualTo(5);
    assertThat(given.schedule().due()).isEqualTo(minute(106));
  }

  @Test
  void otherIsCancelledAndTheNewestBeginsOnceItHasEnded() {
    Given given = running(OverlapPolicy.CANCEL_OTHER).after(MINUTE);
    given
        .when(fireTimers())
        .then(new TimesCame(List.of(minute(2)), List.of(), "nightly/" + FIRST, minute(3)));
    assertThat(Children.wish(given.state(), "any", 1)).isEqualTo(new ParentWish.Cancel());
    given
        .after(MINUTE)
        .when(fireTimers())
        .then(
            new TimesCame(
                List.of(minute(3)),
                List.of(over(2, 2, FiringOutcome.SUPERSEDED)),
                null,
                minute(4)));
    assertThat(given.schedule().waiting()).containsExactly(minute(3));
    var cancelled = new TaskError(ErrorTypes.CHILD_CANCELLED, "it was cancelled");
    given
        .when(tell(1, new ChildReport.Failed(cancelled)))
        .then(new FiringEnded(1, FiringOutcome.CANCELLED, cancelled));
    assertThat(given.schedule().next()).contains(minute(3));
    assertThat(Children.wish(given.state(), "any", 1)).isEqualTo(new ParentWish.Release());
  }

  @Test
  void timesWithinTheWindowAreMadeGoodAndOlderOnesAreMissed() {
    Given given =
        schedule(EVERY_MINUTE.overlap(OverlapPolicy.QUEUE).catchUp(MINUTE.multipliedBy(2)))
            .after(Duration.ofMinutes(10).plusSeconds(30));
    given
        .when(fireTimers())
        .then(
            new TimesCame(
                List.of(minute(9), minute(10)),
                List.of(over(1, 8, FiringOutcome.MISSED)),
                null,
                minute(11)));
  }

  @Test
  void longAbsenceIsNotCountedToItsEnd() {
    Given given = schedule(EVERY_MINUTE).after(Duration.ofDays(30)).and(fireTimers());
    Schedule.Past missed = given.schedule().recent().getFirst();
    assertThat(missed.outcome()).isEqualTo(FiringOutcome.MISSED);
    assertThat(missed.count()).isEqualTo(Limits.SCHEDULE_COUNTED_MAX);
    assertThat(given.schedule().waiting()).hasSize(1);
    assertThat(given.schedule().due()).isEqualTo(minute(30 * 24 * 60 + 1));
  }

  @Test
  void nothingBeginsWhileItIsPausedAndWhatCameIsToldOnce() {
    Given given = of(OverlapPolicy.QUEUE).after(MINUTE).and(fireTimers(), PAUSE);
    assertThat(Timers.next(given.state())).isEmpty();
    given.when(BEGIN).changesNothing();
    given
        .after(Duration.ofMinutes(5))
        .when(RESUME)
        .then(
            new TimesCame(List.of(), List.of(over(2, 6, FiringOutcome.PAUSED)), null, minute(7)),
            new ScheduleSwitched("r", ScheduleStatus.ACTIVE, "ann", "a look"));
    assertThat(given.schedule().next()).contains(FIRST);
    assertThat(given.schedule().halt()).isNull();
  }

  @Test
  void whatADeletedScheduleHadBegunGoesOn() {
    Given given = running(OverlapPolicy.SKIP).and(turn("d", ScheduleStatus.DELETED));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(given.state().endedAt()).isEqualTo(given.now());
    assertThat(Children.wish(given.state(), "any", 1)).isEqualTo(new ParentWish.Release());
    assertThat(Effects.recover(given.state()))
        .containsExactly(new Effect.ListSchedule(), new Effect.EndExecution());
    assertThat(ScheduleViews.of(given.state())).isEmpty();
    given.and(SET);
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(given.state().endedAt()).isNull();
    given.after(MINUTE).and(fireTimers(), new BeginFiring(minute(2), 18, 3));
    assertThat(given.schedule().running().attempt().number())
        .as("no number comes twice")
        .isEqualTo(2);
  }

  @Test
  void otherContentHoldsFromThenOn() {
    Given given = running(OverlapPolicy.QUEUE).after(Duration.ofSeconds(90));
    ScheduleSpec hourly = ScheduleSpec.of("@hourly", "other");
    given
        .when(new SetSchedule(Given.SCHEDULE, hourly, "bob"))
        .then(
            new TimesCame(List.of(minute(2)), List.of(), null, minute(3)),
            new ScheduleSet(hourly, minute(60), "bob"));
    assertThat(given.schedule().revision()).isEqualTo(2);
    assertThat(given.schedule().by()).isEqualTo("bob");
    assertThat(ChildCommands.definition(given.state(), "any", 1)).contains("report");
  }

  @Test
  void endsAreTakenByTheirNumberAlone() {
    Given given = running(OverlapPolicy.SKIP);
    given.when(tell(7, new ChildReport.Completed(null))).changesNothing();
    given.when(tell(1, new ChildReport.Paused())).changesNothing();
    given
        .when(tell(1, new ChildReport.Failed(new TaskError(ErrorTypes.WORKFLOW_TIMEOUT, "late"))))
        .thenAmongOthers(
            new FiringEnded(
                1, FiringOutcome.TIMED_OUT, new TaskError(ErrorTypes.WORKFLOW_TIMEOUT, "late")));
    given.when(COMPLETED).changesNothing();
  }

  @Test
  void stateKeepsABoundedNumberOfFirings() {
    Given given = of(OverlapPolicy.QUEUE);
    for (int i = 1; i <= Limits.SCHEDULE_RECENT_MAX + 5; i++) {
      given.after(MINUTE).and(fireTimers(), new BeginFiring(minute(i), i, 1));
      given.and(tell(i, new ChildReport.Completed(null)));
    }
    assertThat(given.schedule().recent()).hasSize(Limits.SCHEDULE_RECENT_MAX);
    ScheduleView view = ScheduleViews.of(given.state()).orElseThrow();
    assertThat(view.begun()).isEqualTo(Limits.SCHEDULE_RECENT_MAX + 5);
    assertThat(view.recent().getFirst().scheduledAt()).isEqualTo(minute(view.begun()));
    assertThat(view.upcoming()).hasSize(5).startsWith(minute(view.begun() + 1));
    assertThat(view.running()).isNull();
  }

  @Test
  void badContentIsNamed() {
    ScheduleSpec bad =
        ScheduleSpec.of("61 * * * *", "report")
            .zone("Mars/Olympus")
            .priority(10)
            .version(0)
            .timeout(Duration.ZERO)
            .catchUp(Duration.ofDays(40))
            .session("s".repeat(300))
            .input("x".repeat(Limits.SCHEDULE_INPUT_BYTES_MAX + 1));
    assertThat(ScheduleCheck.of(bad, Given.T0))
        .extracting(ScheduleCheck.Fault::field)
        .containsExactlyInAnyOrder(
            "zone", "cron", "input", "session", "priority", "version", "timeout", "catchUp");
    assertThat(ScheduleCheck.of(EVERY_MINUTE, Given.T0)).isEmpty();
    assertThat(ScheduleCheck.of(ScheduleSpec.of("0 0 30 2 *", "report"), Given.T0))
        .containsExactly(new ScheduleCheck.Fault("cron", "names no time that will ever come"));
  }

  @Test
  void idsOfSchedulesAreNobodyElses() {
    assertThat(Given.SCHEDULE.isInternal()).isTrue();
    assertThat(Given.KEY.isInternal()).isFalse();
    assertThat(new ExecutionKey("default", "nightly/" + FIRST).isInternal()).isFalse();
    assertThat(ExecutionKey.parse(Given.SCHEDULE.text())).isEqualTo(Given.SCHEDULE);
    assertThat(ExecutionKey.isOwnId("_schedule")).isFalse();
  }
}
