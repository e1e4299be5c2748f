package dev.holdfast.grid.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.ApprovalOptions;
import dev.holdfast.api.ConflictException;
import dev.holdfast.api.DefinitionView;
import dev.holdfast.api.ExecutionFilter;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.ExecutionSummary;
import dev.holdfast.api.HistoryEvent;
import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.InvalidRequestException;
import dev.holdfast.api.NotFoundException;
import dev.holdfast.api.RepairResult;
import dev.holdfast.api.ResumeReason.Severity;
import dev.holdfast.api.ResumeRefusedException;
import dev.holdfast.api.StartOptions;
import dev.holdfast.api.WaitTimeoutException;
import dev.holdfast.client.ExecutionHandle;
import dev.holdfast.client.HoldfastClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an application does with the thin client, against a real member. */
class ThinClientTest extends ThinClientFixture {
  @Test
  void aHandlerPausesItsExecutionAndTheClientResumesAll() {
    client.register(
        """
        name: pausing
        tasks:
          first: { agent: pausing }
          second: { agent: pausing, needs: [first] }
        """);
    var seen = new java.util.concurrent.CopyOnWriteArrayList<String>();
    try (var _ =
        client
            .agent(
                "pausing",
                task -> {
                  seen.add(task.id());
                  if (task.id().equals("first")) {
                    task.pauseWorkflow("look at it");
                  }
                  return null;
                })
            .start()) {
      ExecutionHandle execution = client.start("pausing");
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(execution.view().status().name()).isEqualTo("PAUSED"));
      assertThat(execution.view().pause().reason()).isEqualTo("look at it");
      assertThat(execution.view().pause().drained()).isTrue();
      assertThat(seen).containsExactly("first");
      var resumed = client.resumeAll("pausing", "seen", false);
      assertThat(resumed.changed()).isEqualTo(1);
      assertThat(resumed.failed()).isEmpty();
      assertThat(execution.awaitResult(SOON).status().name()).isEqualTo("COMPLETED");
      var none = client.pauseAll("pausing", dev.holdfast.api.PauseMode.GRACEFUL, null);
      assertThat(none.matched()).isZero();
    }
  }

  @Test
  void peopleDecideByTheClient() {
    client.register(
        """
        name: approvals
        tasks:
          settle: { pauseBefore: { approvers: [finance] }, input: { sum: 5 } }
        output: "${tasks.settle.output}"
        """);
    ExecutionHandle execution = client.start("approvals");
    assertThat(client.approvals(null).items())
        .filteredOn(waiting -> waiting.execution().equals(execution.id()))
        .singleElement()
        .satisfies(waiting -> assertThat(waiting.input()).isEqualTo(Map.of("sum", 5L)));
    assertThatExceptionOfType(HoldfastException.class)
        .isThrownBy(() -> execution.approve("settle"))
        .withMessageContaining("finance");
    var options = ApprovalOptions.NONE.roles("finance").reason("ok");
    execution.approve("settle", options.output(Map.of("paid", true)));
    assertThat(execution.awaitResult(SOON).output()).isEqualTo(Map.of("paid", true));
    ExecutionHandle other = client.start("approvals");
    other.reject("settle", options);
    assertThat(other.awaitResult(SOON).error().type()).isEqualTo("rejected");
  }

  @Test
  void signalsAreSentByTheClient() {
    client.register(
        """
        name: signals
        tasks:
          paid: { waitFor: { signal: paid } }
        output: "${tasks.paid.output}"
        """);
    ExecutionHandle execution = client.start("signals");
    execution.signal("other", null, "s-1");
    execution.signal("other", null, "s-1");
    assertThat(execution.view().signals()).singleElement().matches(s -> s.id().equals("s-1"));
    execution.signal("paid", Map.of("sum", 5));
    assertThat(execution.awaitResult(SOON).output()).isEqualTo(Map.of("sum", 5L));
  }

  @Test
  void refusalsAreExceptionsWithTheApisCodes() {
    single("refusals", "");
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> client.start("never-registered"))
        .satisfies(e -> assertThat(e.code()).isEqualTo("definition-not-found"));
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> client.execution("never-started").view())
        .satisfies(e -> assertThat(e.code()).isEqualTo("execution-not-found"));
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> client.execution("never-started").awaitResult(SOON));
    StartOptions same = StartOptions.DEFAULTS.id("refusals-1");
    client.start("refusals", 1, same);
    assertThat(client.start("refusals", 1, same).id()).isEqualTo("refusals-1");
    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> client.start("refusals", 2, same))
        .satisfies(e -> assertThat(e.code()).isEqualTo("id-conflict"));
    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> client.execution("refusals-1").resume())
        .satisfies(e -> assertThat(e.code()).isEqualTo("wrong-state"));
    assertThatExceptionOfType(WaitTimeoutException.class)
        .isThrownBy(() -> client.execution("refusals-1").awaitResult(Duration.ofMillis(50)));
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> client.register("name: broken\ntasks: { a: { agnet: x } }"))
        .satisfies(e -> {
          assertThat(e.code()).isEqualTo("invalid-definition");
          assertThat(e.problems()).isNotEmpty();
        });
  }

  @Test
  void definitionsAreRegisteredListedAndRead() {
    DefinitionView first = single("read-back", "");
    assertThat(single("read-back", "").version()).isEqualTo(first.version());
    assertThat(client.definition("read-back", null).source()).contains("read-back");
    assertThat(client.definitions()).extracting(DefinitionView::name).contains("read-back");
    assertThat(client.validate("name: x\ntasks: {}\n")).isNotEmpty();
  }

  @Test
  void anExecutionIsPausedLookedAtResumedAndCancelled() {
    single("controlled", "");
    ExecutionHandle execution =
        client.start("controlled", null, StartOptions.DEFAULTS.attributes(Map.of("order", "o-7")));
    execution.pause("maintenance");
    assertThat(execution.view().status()).isEqualTo(ExecutionStatus.PAUSED);
    assertThat(execution.view().pause().by()).isEqualTo("tester");
    assertThatExceptionOfType(ResumeRefusedException.class)
        .isThrownBy(execution::resume)
        .satisfies(e -> assertThat(e.code()).isEqualTo("resume-refused"))
        .satisfies(e ->
            assertThat(e.reasons())
                .singleElement()
                .satisfies(reason -> assertThat(reason.code()).isEqualTo("no-agent"))
                .satisfies(reason -> assertThat(reason.severity()).isEqualTo(Severity.WARNING)));
    var all = client.resumeAll("controlled", null, false);
    assertThat(all.changed()).isZero();
    assertThat(all.failed().getFirst().reasons()).hasSize(1);
    execution.resume("the agent is on its way", true);
    assertThat(execution.view().status()).isEqualTo(ExecutionStatus.RUNNING);
    execution.cancel("enough");
    assertThat(execution.awaitResult(SOON).status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(execution.history(0, 100))
        .extracting(HistoryEvent::type)
        .startsWith("ExecutionStarted")
        .contains("PauseRequested", "ExecutionResumed", "CancelRequested");
    assertThat(execution.history(0, 100))
        .allSatisfy(event -> assertThat(event.fields()).doesNotContainKey("nonce"));
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(client.list(ExecutionFilter.ALL.attributes(Map.of("order", "o-7"))).items())
                .extracting(ExecutionSummary::id)
                .containsExactly(execution.id()));
  }

  @Test
  void aRepairOfWhatGoesOnChangesNothing() {
    single("repaired", "");
    ExecutionHandle execution = client.start("repaired");
    long seq = execution.view().seq();
    assertThat(execution.repair()).isEqualTo(new RepairResult(false, List.of(), false));
    assertThat(execution.view().seq()).isEqualTo(seq);
    execution.cancel(null);
    assertThat(execution.repair().stuck()).isFalse();
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> client.execution("nobody").repair());
  }

  @Test
  void anotherTenantSeesNothing() {
    single("private", "");
    client.start("private", null, StartOptions.DEFAULTS.id("private-1"));
    try (HoldfastClient other = member.connect("other")) {
      assertThatExceptionOfType(NotFoundException.class)
          .isThrownBy(() -> other.execution("private-1").view());
      assertThat(other.definitions()).isEmpty();
      assertThat(other.list(ExecutionFilter.ALL).items()).isEmpty();
    }
  }
}
