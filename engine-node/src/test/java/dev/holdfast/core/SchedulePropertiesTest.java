package dev.holdfast.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.FiringOutcome;
import dev.holdfast.api.OverlapPolicy;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.api.TaskError;
import dev.holdfast.core.ScheduleCommand.BeginFiring;
import dev.holdfast.core.ScheduleCommand.SetSchedule;
import dev.holdfast.core.ScheduleEvent.FiringBegan;
import dev.holdfast.core.ScheduleEvent.PassedOver;
import dev.holdfast.core.ScheduleEvent.TimesCame;
import dev.holdfast.core.cron.CronTimes;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever happens to a schedule, each of its times is accounted for once. */
class SchedulePropertiesTest {
  private static final int RUNS = 60 * Integer.getInteger("holdfast.soak", 1);
  private static final int COMMANDS = 80;
  private static final List<String> CRONS =
      List.of("* * * * *", "*/20 * * * * *", "5,50 * * * *", "30 2 * * *", "0 0 * * MON,FRI");

  /** Where a time stands that waits or was begun; else what became of it. */
  private enum Standing {
    WAITS,
    BEGUN,
    PASSED_OVER
  }

  @Test
  void eachTimeIsAccountedForOnce() {
    var seen = new EnumMap<FiringOutcome, Integer>(FiringOutcome.class);
    int begun = 0;
    for (long seed = 1; seed <= RUNS; seed++) {
      var run = new Run(new SplittableRandom(seed), seen);
      try {
        run.run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
      begun += run.begun;
    }
    assertThat(begun).isGreaterThan(RUNS * 2);
    assertThat(seen)
        .containsOnlyKeys(
            FiringOutcome.SKIPPED,
            FiringOutcome.SUPERSEDED,
            FiringOutcome.QUEUE_FULL,
            FiringOutcome.MISSED,
            FiringOutcome.PAUSED);
  }

  /** One schedule's life. */
  private static final class Run {
    private final RandomGenerator random;
    private final Map<FiringOutcome, Integer> seen;
    private final Map<Instant, Standing> accounts = new TreeMap<>();
    private final ScheduleSpec spec;
    private final CronTimes times;
    private final Instant first;
    private Instant now = Instant.parse("2026-03-28T00:00:00Z");
    private @Nullable ExecutionState state;
    private boolean exact = true;
    private int begun;

    Run(RandomGenerator random, Map<FiringOutcome, Integer> seen) {
      this.random = random;
      this.seen = seen;
      OverlapPolicy[] policies = OverlapPolicy.values();
      this.spec =
          ScheduleSpec.of(CRONS.get(random.nextInt(CRONS.size())), "report")
              .zone("Europe/Berlin")
              .overlap(policies[random.nextInt(policies.length)])
              .catchUp(Duration.ofMinutes(random.nextBoolean() ? 1 : 10_000));
      this.times = CronTimes.of(spec.cron(), ZoneId.of(spec.zone()));
      this.first = now;
    }

    void run() {
      take(new SetSchedule(Given.SCHEDULE, spec, "ann"));
      for (int i = 0; i < COMMANDS; i++) {
        now = now.plusMillis((long) Math.pow(10, 2 + random.nextInt(6)) * random.nextInt(1, 4));
        take(any(i));
        check();
      }
      checkAll();
    }

    private Command any(int i) {
      Schedule schedule = state.schedule();
      return switch (random.nextInt(10)) {
        case 0 -> ScheduleTable.turn("c" + i, ScheduleStatus.PAUSED);
        case 1, 2 -> ScheduleTable.turn("c" + i, ScheduleStatus.ACTIVE);
        case 3, 4, 5 -> new BeginFiring(schedule.next().orElse(now), random.nextLong(), 1);
        case 6, 7 -> new Command.TellOfChild("any", schedule.begun(), report());
        default -> new Command.FireTimers();
      };
    }

    private ChildReport report() {
      return random.nextBoolean()
          ? new ChildReport.Completed(null)
          : new ChildReport.Failed(new TaskError("oops", "it went wrong"));
    }

    private void take(Command command) {
      switch (Step.of(state, command, now)) {
        case Step.Changed changed -> {
          changed.events().forEach(this::account);
          state = changed.after();
        }
        case Step.Unchanged _ -> {}
        case Step.Refused(var rejection) -> throw new AssertionError(rejection);
      }
    }

    private void account(Event event) {
      if (event instanceof TimesCame came) {
        came.passedOver().forEach(this::passedOver);
        came.wanted()
            .forEach(time ->
                assertThat(accounts.put(time, Standing.WAITS)).as("%s comes", time).isNull());
      } else if (event instanceof FiringBegan began) {
        begun++;
        assertThat(accounts.put(began.scheduledAt(), Standing.BEGUN))
            .as("%s begins", began.scheduledAt())
            .isEqualTo(Standing.WAITS);
      }
    }

    private void passedOver(PassedOver passed) {
      seen.merge(passed.why(), 1, Integer::sum);
      if (passed.count() == Limits.SCHEDULE_COUNTED_MAX) {
        exact = false;
      }
      int count = 0;
      Instant at = passed.first();
      while (exact && at != null && !at.isAfter(passed.last())) {
        Standing before = accounts.put(at, Standing.PASSED_OVER);
        assertThat(before == null || before == Standing.WAITS)
            .as("%s is passed over once", at)
            .isTrue();
        count++;
        at = times.after(at).orElse(null);
      }
      assertThat(!exact || count == passed.count()).as("%s", passed).isTrue();
    }

    private void check() {
      Schedule schedule = state.schedule();
      assertThat(schedule.waiting()).hasSizeLessThanOrEqualTo(Limits.SCHEDULE_WAITING_MAX);
      assertThat(schedule.recent()).hasSizeLessThanOrEqualTo(Limits.SCHEDULE_RECENT_MAX);
      assertThat(schedule.begun()).isEqualTo(begun);
      for (Instant waiting : schedule.waiting()) {
        assertThat(accounts).containsEntry(waiting, Standing.WAITS);
      }
    }

    /** From the first to the one that is due there is no gap. */
    private void checkAll() {
      Schedule schedule = state.schedule();
      Instant at = first;
      for (Instant known : accounts.keySet()) {
        at = times.after(at).orElseThrow();
        assertThat(!exact || at.equals(known))
            .as("%s is accounted for, then %s", at, known)
            .isTrue();
      }
      assertThat(!exact || times.after(at).equals(Optional.ofNullable(schedule.due())))
          .as("after %s comes %s", at, schedule.due())
          .isTrue();
    }
  }
}
