package dev.holdfast.grid.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskError;
import dev.holdfast.core.Command;
import dev.holdfast.core.ErrorTypes;
import dev.holdfast.core.Event;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Rejection.Code;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.Outcome;
import dev.holdfast.grid.TestMember;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Concurrency keys on one member. */
class SlotsOnMemberTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Map<String, Object> ACME = Map.of("customer", "acme");
  private static final Map<String, Object> OTHER = Map.of("customer", "other");

  private TestMember member;

  @BeforeEach
  void start() {
    member = new TestMember();
    member.register(
        "queued",
        "{name: queued, concurrencyKey: '${input.customer}', tasks: {work: {agent: worker}}}");
    member.register(
        "refused",
        "{name: refused, concurrencyKey: {key: '${input.customer}', limit: 2, onLimit: refuse},"
            + " tasks: {work: {agent: worker, retry: {maxAttempts: 1}}}}");
    member.register(
        "taking",
        "{name: taking, concurrencyKey: {key: '${input.customer}', onLimit: cancel-running},"
            + " tasks: {work: {agent: worker}}}");
  }

  @AfterEach
  void stop() {
    member.close();
  }

  private void begin(String definition, String id, Map<String, Object> input) {
    assertThat(member.start(definition, id, input)).isInstanceOf(Outcome.Done.class);
  }

  private void awaitSlot(String id) {
    await().atMost(PATIENCE).until(() -> member.state(id).slot().held());
  }

  private void awaitStatus(String id, ExecutionStatus status) {
    await().atMost(PATIENCE).until(() -> member.state(id).status() == status);
  }

  private Assignment work() {
    return member.pollOne("worker");
  }

  private void assertFull(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    var rejection = ((Outcome.Refused) outcome).rejection();
    assertThat(rejection.code()).isEqualTo(Code.CONCURRENCY_LIMIT);
    assertThat(rejection.message()).contains("acme").contains("2");
  }

  @Test
  void oneAfterTheOtherInTheOrderOfTheirStarts() {
    List<String> ids = IntStream.range(0, 5).mapToObj(i -> "q" + i).toList();
    ids.forEach(id -> begin("queued", id, ACME));
    begin("queued", "aside", OTHER);
    awaitSlot("aside");
    assertThat(work().execution()).isIn("q0", "aside");
    assertThat(work().execution()).isIn("q0", "aside");
    assertThat(member.poll("worker", 5, Duration.ofMillis(300))).isEmpty();
    assertThat(member.engine.slots().waitingCount()).isEqualTo(4);
    assertThat(member.engine.slots().heldCount()).isEqualTo(2);
    for (int i = 0; i < 4; i++) {
      member.submit(ids.get(i), new Command.CancelExecution("c", "ann", null));
      Assignment next = work();
      assertThat(next.execution()).isEqualTo(ids.get(i + 1));
    }
    assertThat(member.engine.slots().waitingCount()).isZero();
  }

  @Test
  void pausedHolderKeepsItsSlotAndWhoIsPausedWaitingIsPassed() {
    begin("queued", "a", ACME);
    awaitSlot("a");
    begin("queued", "b", ACME);
    begin("queued", "c", ACME);
    var pause = new Command.PauseExecution("p", PauseMode.GRACEFUL, "ann", null);
    member.submit("b", pause);
    member.submit("a", pause);
    await().during(Duration.ofMillis(300)).until(() -> member.state("c").waitsForSlot());
    member.submit("a", new Command.CancelExecution("c", "ann", null));
    awaitSlot("c");
    member.submit("b", new Command.ResumeExecution("r", "ann", null, true));
    await().during(Duration.ofMillis(300)).until(() -> member.state("b").waitsForSlot());
    member.submit("c", new Command.CancelExecution("c", "ann", null));
    awaitSlot("b");
  }

  @Test
  void startsAreRefusedWhileAllSlotsAreTaken() {
    begin("refused", "a", ACME);
    begin("refused", "b", ACME);
    assertThat(member.state("a").slot().held()).isTrue();
    assertFull(member.start("refused", "c", ACME));
    begin("refused", "b", ACME);
    begin("refused", "aside", OTHER);
    assertThat(member.engine.find(TestMember.key("c"))).isEmpty();
    member.submit("a", new Command.CancelExecution("c", "ann", null));
    await()
        .atMost(PATIENCE)
        .until(() -> member.start("refused", "c", ACME) instanceof Outcome.Done);
    assertThat(member.state("c").slot().held()).isTrue();
  }

  @Test
  void ofManyStartsAtOnceAsManyAreTakenAsThereAreSlots() {
    var starts =
        IntStream.range(0, 50)
            .parallel()
            .mapToObj(i -> member.start("refused", "many" + i, ACME))
            .toList();
    assertThat(starts).filteredOn(Outcome.Done.class::isInstance).hasSize(2);
    assertThat(starts).filteredOn(Outcome.Refused.class::isInstance).allSatisfy(this::assertFull);
  }

  @Test
  void retryNeedsASlotAgain() {
    begin("refused", "a", ACME);
    Assignment task = work();
    member.submit(
        "a",
        new Command.FailTask(
            "work", 1, task.token().nonce(), new TaskError("oops", "no"), false, null));
    awaitStatus("a", ExecutionStatus.FAILED);
    begin("refused", "b", ACME);
    begin("refused", "c", ACME);
    assertFull(member.submit("a", new Command.RetryExecution("t", "ann", null)));
    assertThat(member.state("a").status()).isEqualTo(ExecutionStatus.FAILED);
    member.submit("b", new Command.CancelExecution("c", "ann", null));
    await()
        .atMost(PATIENCE)
        .until(() ->
            member.submit("a", new Command.RetryExecution("t2", "ann", null))
                instanceof Outcome.Done);
    assertThat(member.state("a").slot().held()).isTrue();
  }

  @Test
  void newcomerHasTheRunningOneCancelledAndGoesOnWhenThatHasEnded() {
    begin("taking", "old", ACME);
    awaitSlot("old");
    begin("taking", "new", ACME);
    awaitStatus("old", ExecutionStatus.CANCELLED);
    awaitSlot("new");
    var cancelled =
        member.engine.records().history(TestMember.key("old"), 0, 100).stream()
            .map(item -> item.event())
            .filter(Event.CancelRequested.class::isInstance)
            .map(Event.CancelRequested.class::cast)
            .toList();
    assertThat(cancelled).hasSize(1);
    assertThat(cancelled.getFirst().by()).isEqualTo("concurrency-key");
    assertThat(cancelled.getFirst().reason()).contains("new").contains("acme");
  }

  @Test
  void childThatIsRefusedFailsItsTaskByThatName() {
    member.register(
        "parent",
        "{name: parent, tasks: {sub: {workflow: refused, retry: {maxAttempts: 1},"
            + " input: '${input}'}}}");
    begin("refused", "a", ACME);
    begin("refused", "b", ACME);
    begin("parent", "p", ACME);
    awaitStatus("p", ExecutionStatus.FAILED);
    ExecutionState parent = member.state("p");
    assertThat(parent.task("sub").error().type()).isEqualTo(ErrorTypes.CONCURRENCY_LIMIT);
    assertThat(parent.task("sub").error().message()).contains("acme");
  }

  @Test
  void childWaitsForItsSlotLikeAnyOther() {
    member.register(
        "parent", "{name: parent, tasks: {sub: {workflow: queued, input: '${input}'}}}");
    begin("queued", "a", ACME);
    awaitSlot("a");
    begin("parent", "p", ACME);
    await()
        .atMost(PATIENCE)
        .until(() ->
            member
                .engine
                .find(TestMember.key("p/sub"))
                .filter(ExecutionState::waitsForSlot)
                .isPresent());
    member.submit("a", new Command.CancelExecution("c", "ann", null));
    awaitSlot("p/sub");
  }

  @Test
  void startWithoutAKeyIsRefused() {
    var outcome = member.start("queued", "none", Map.of("customer", List.of()));
    assertThat(((Outcome.Refused) outcome).rejection().code())
        .isEqualTo(Code.INVALID_CONCURRENCY_KEY);
    outcome = member.start("refused", "none", Map.of());
    assertThat(((Outcome.Refused) outcome).rejection().code())
        .isEqualTo(Code.INVALID_CONCURRENCY_KEY);
  }
}
