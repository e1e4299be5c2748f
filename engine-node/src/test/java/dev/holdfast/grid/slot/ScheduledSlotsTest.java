package dev.holdfast.grid.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.FiringOutcome;
import dev.holdfast.api.OverlapPolicy;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleView;
import dev.holdfast.api.ScheduleView.Firing;
import dev.holdfast.core.Command;
import dev.holdfast.core.ErrorTypes;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.ScheduleCommand;
import dev.holdfast.core.ScheduleViews;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.Outcome;
import dev.holdfast.grid.TestMember;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Schedules that fire each second, of a definition with a concurrency key. */
class ScheduledSlotsTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Map<String, Object> ACME = Map.of("customer", "acme");

  private TestMember member;

  @BeforeEach
  void start() {
    member = new TestMember();
    for (String onLimit : List.of("queue", "refuse")) {
      member.register(
          onLimit,
          "{name: %s, concurrencyKey: {key: '${input.customer}', onLimit: %s},"
                  .formatted(onLimit, onLimit)
              + " tasks: {work: {agent: worker}}}");
    }
  }

  @AfterEach
  void stop() {
    member.close();
  }

  private void schedule(String name, String definition, OverlapPolicy overlap) {
    ExecutionKey key = ExecutionKey.ofSchedule(TestMember.TENANT, name);
    ScheduleSpec spec = ScheduleSpec.of("* * * * * *", definition).input(ACME).overlap(overlap);
    assertThat(member.engine.submit(key, new ScheduleCommand.SetSchedule(key, spec, "ann")).join())
        .isInstanceOf(Outcome.Done.class);
  }

  private ScheduleView view(String name) {
    return member
        .engine
        .find(ExecutionKey.ofSchedule(TestMember.TENANT, name))
        .flatMap(ScheduleViews::of)
        .orElseThrow();
  }

  /** Somebody has the key's only slot. */
  private void occupy(String definition) {
    member.start(definition, "holder", ACME);
    await().atMost(SOON).until(() -> member.state("holder").slot().held());
  }

  private void leave() {
    member.submit("holder", new Command.CancelExecution("c", "ann", null));
  }

  /** What the schedule has begun, which waits for its slot. */
  private String awaitWaiting(String name) {
    await()
        .atMost(SOON)
        .until(() ->
            running(name)
                .flatMap(id -> member.engine.find(TestMember.key(id)))
                .filter(ExecutionState::waitsForSlot)
                .isPresent());
    return running(name).orElseThrow();
  }

  private Optional<String> running(String name) {
    return Optional.ofNullable(view(name).running()).map(Firing::execution);
  }

  /** The oldest time of which that became. */
  private Firing awaitOutcome(String name, FiringOutcome outcome) {
    await()
        .atMost(SOON)
        .until(() -> view(name).recent().stream().anyMatch(one -> one.outcome() == outcome));
    return view(name).recent().reversed().stream()
        .filter(one -> one.outcome() == outcome)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void executionsOfTwoSchedulesWithOneKeyTakeTurns() {
    schedule("a", "queue", OverlapPolicy.QUEUE);
    schedule("b", "queue", OverlapPolicy.QUEUE);
    var worked = new ArrayList<String>();
    while (worked.size() < 6) {
      Assignment task = member.pollOne("worker");
      worked.add(task.execution());
      // The other schedule's execution, and both schedules' later ones, wait.
      assertThat(member.poll("worker", 5, Duration.ofMillis(100))).isEmpty();
      assertThat(member.engine.slots().heldCount()).isEqualTo(1);
      member.complete(task, "done");
    }
    assertThat(new HashSet<>(worked)).as("each time once: %s", worked).hasSize(6);
    for (String name : List.of("a", "b")) {
      List<Instant> times =
          worked.stream()
              .filter(id -> id.startsWith(name + "/"))
              .map(id -> Instant.parse(id.substring(2)))
              .toList();
      assertThat(times).hasSizeGreaterThanOrEqualTo(2).isSorted();
    }
  }

  @Test
  void whoWaitsForItsSlotIsRunningForTheScheduleAndTimesMeanwhileAreSkipped() {
    occupy("queue");
    schedule("skipping", "queue", OverlapPolicy.SKIP);
    String first = awaitWaiting("skipping");
    Firing skipped = awaitOutcome("skipping", FiringOutcome.SKIPPED);
    assertThat(skipped.execution()).isNull();
    assertThat(view("skipping").begun()).isEqualTo(1);
    leave();
    Assignment task = member.pollOne("worker");
    assertThat(task.execution()).isEqualTo(first);
    member.complete(task, "done");
    assertThat(awaitOutcome("skipping", FiringOutcome.COMPLETED).execution()).isEqualTo(first);
  }

  @Test
  void whoWaitsForItsSlotIsCancelledForTheNextTimeWhichWaitsInItsPlace() {
    occupy("queue");
    schedule("newest", "queue", OverlapPolicy.CANCEL_OTHER);
    awaitWaiting("newest");
    Firing cancelled = awaitOutcome("newest", FiringOutcome.CANCELLED);
    ExecutionState never = member.state(Objects.requireNonNull(cancelled.execution()));
    assertThat(never.status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(never.slot().held()).isFalse();
    assertThat(never.task("work").attempts()).isEmpty();
    assertThat(member.state("holder").status())
        .as("of another origin, and so left alone")
        .isEqualTo(ExecutionStatus.RUNNING);
    leave();
    Assignment task = member.pollOne("worker");
    assertThat(Instant.parse(task.execution().substring("newest/".length())))
        .isAfter(cancelled.scheduledAt());
  }

  @Test
  void timeThatFindsNoSlotIsNotStartedWhereTheDefinitionRefuses() {
    occupy("refuse");
    schedule("refused", "refuse", OverlapPolicy.SKIP);
    Firing refused = awaitOutcome("refused", FiringOutcome.NOT_STARTED);
    assertThat(refused.execution()).as("there is none").isNull();
    assertThat(Objects.requireNonNull(refused.error()).type())
        .isEqualTo(ErrorTypes.CONCURRENCY_LIMIT);
    assertThat(refused.error().message()).contains("acme");
    String id = "refused/" + refused.scheduledAt();
    assertThat(member.engine.find(TestMember.key(id))).isEmpty();
    leave();
    // None of the earlier ones: they are not made good.
    Assignment task = member.pollOne("worker");
    assertThat(Instant.parse(task.execution().substring("refused/".length())))
        .isAfter(refused.scheduledAt());
  }
}
