package dev.holdfast.grid.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.AgentView;
import dev.holdfast.api.ApprovalOptions;
import dev.holdfast.api.ConflictException;
import dev.holdfast.api.DefinitionView;
import dev.holdfast.api.ExecutionFailedException;
import dev.holdfast.api.ExecutionFilter;
import dev.holdfast.api.ExecutionResult;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.ExecutionSummary;
import dev.holdfast.api.HistoryEvent;
import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.InvalidRequestException;
import dev.holdfast.api.NotFoundException;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.RepairResult;
import dev.holdfast.api.ResumeReason.Severity;
import dev.holdfast.api.ResumeRefusedException;
import dev.holdfast.api.StartOptions;
import dev.holdfast.api.TaskFailedException;
import dev.holdfast.api.WaitTimeoutException;
import dev.holdfast.client.ExecutionHandle;
import dev.holdfast.client.HoldfastClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What an application does with the thin client, against a real member. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThinClientTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private ClientMember member;
  private HoldfastClient client;

  @BeforeAll
  void connect() {
    member = new ClientMember();
    client = member.connect();
  }

  @AfterAll
  void disconnect() {
    client.close();
    member.close();
  }

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

  private record Pages(int pages, String file) {}

  @Test
  void theContractsExampleRuns() {
    client.register(
        """
        name: example
        tasks:
          extract: { agent: example-extractor, input: { file: "${input.file}" } }
        output: "${tasks.extract.output}"
        """);
    var execution = client.start("example", Map.of("file", "a.pdf"));
    try (var agent =
        client
            .agent(
                "example-extractor",
                task -> new Pages(3, String.valueOf(task.inputObject().get("file"))))
            .concurrency(4)
            .start()) {
      assertThat(agent.worker()).isNotBlank();
      assertThat(execution.awaitResult(SOON).output())
          .isEqualTo(Map.of("pages", 3L, "file", "a.pdf"));
    }
  }

  @Test
  void aTaskKnowsWhoItIs() {
    single("context", "");
    var seen = new CompletableFuture<String>();
    try (var _ =
        client
            .agent(
                "context",
                task -> {
                  task.heartbeat(0.5);
                  seen.complete(
                      task.id()
                          + ' '
                          + task.execution()
                          + ' '
                          + task.attempt()
                          + ' '
                          + task.definition());
                  assertThat(task.deadline()).isAfter(task.readyAt());
                  assertThat(task.traceContext()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
                  return null;
                })
            .start()) {
      ExecutionHandle execution =
          client.start("context", null, StartOptions.DEFAULTS.id("context-1"));
      assertThat(execution.awaitResult(SOON).isCompleted()).isTrue();
      assertThat(seen).isCompletedWithValue("only context-1 1 context");
    }
  }

  @Test
  void aHandlersExceptionFailsTheAttemptByItsName() {
    single("by-name", "retry: { maxAttempts: 1 }");
    try (var _ =
        client
            .agent(
                "by-name",
                task -> {
                  throw new IllegalStateException("no luck");
                })
            .start()) {
      ExecutionResult result = client.start("by-name").awaitResult(SOON);
      assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
      assertThat(result.error().type()).isEqualTo("IllegalStateException");
      assertThat(result.error().message()).contains("no luck");
      assertThatExceptionOfType(ExecutionFailedException.class).isThrownBy(result::output);
    }
  }

  @Test
  void aPermanentFailureIsNotTriedAgain() {
    single("permanent", "retry: { maxAttempts: 4, initial: 10ms }");
    var calls = new AtomicInteger();
    try (var _ =
        client
            .agent(
                "permanent",
                task -> {
                  calls.incrementAndGet();
                  throw TaskFailedException.permanent("bad-file", "not a PDF");
                })
            .start()) {
      assertThat(client.start("permanent").awaitResult(SOON).error().type()).isEqualTo("bad-file");
      assertThat(calls).hasValue(1);
    }
  }

  @Test
  void anOutputThatIsNotJsonFailsForGood() {
    single("not-json", "retry: { maxAttempts: 4, initial: 10ms }");
    try (var _ = client.agent("not-json", task -> Double.NaN).start()) {
      assertThat(client.start("not-json").awaitResult(SOON).error().type()).isEqualTo("bad-output");
    }
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
  void anImmediatePauseInterruptsTheHandler() throws Exception {
    single("interrupted", "");
    var running = new CountDownLatch(1);
    var interrupted = new CompletableFuture<Boolean>();
    try (var _ =
        client
            .agent(
                "interrupted",
                task -> {
                  if (task.attempt() > 1) {
                    return "second";
                  }
                  running.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    interrupted.complete(task.isCancelled());
                  }
                  return "first";
                })
            .start()) {
      ExecutionHandle execution = client.start("interrupted");
      assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
      execution.pause(PauseMode.IMMEDIATE, null);
      assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
      execution.resume();
      assertThat(execution.awaitResult(SOON).output()).isEqualTo(Map.of("only", "second"));
    }
  }

  @Test
  void agentsAreShownWhileTheyAreConnected() {
    try (var _ =
        client.agent("shown", task -> null).worker("w-shown").labels(Map.of("a", "b")).start()) {
      await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(client.agents())
                  .filteredOn(view -> view.worker().equals("w-shown"))
                  .singleElement()
                  .extracting(AgentView::connected, AgentView::labels)
                  .containsExactly(true, Map.of("a", "b")));
    }
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

  @Test
  void everyOneOfManyConcurrentExecutionsGetsItsOwnResult() {
    client.register(
        """
        name: many
        tasks:
          a: { agent: many, input: { n: "${input.n}" } }
          b: { agent: many, needs: [a], input: { n: "${tasks.a.output.n + 1}" } }
        output: "${tasks.b.output.n}"
        """);
    Set<String> tokens = ConcurrentHashMap.newKeySet();
    var repeated = new AtomicInteger();
    var most = new AtomicInteger();
    var now = new AtomicInteger();
    int count = 2_000;
    try (var _ =
        client
            .agent(
                "many",
                task -> {
                  most.accumulateAndGet(now.incrementAndGet(), Math::max);
                  if (!tokens.add(task.execution() + task.id())) {
                    repeated.incrementAndGet();
                  }
                  now.decrementAndGet();
                  return task.input();
                })
            .concurrency(16)
            .start()) {
      List<CompletableFuture<ExecutionResult>> results = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        results.add(
            client
                .startAsync("many", Map.of("n", i))
                .thenCompose(ExecutionHandle::awaitResultAsync)
                .toCompletableFuture());
      }
      for (int i = 0; i < count; i++) {
        assertThat(results.get(i).orTimeout(60, TimeUnit.SECONDS).join().output())
            .isEqualTo(i + 1L);
      }
    }
    assertThat(repeated).hasValue(0);
    assertThat(most.get()).isBetween(1, 16);
    assertThat(tokens).hasSize(2 * count);
  }

  private DefinitionView single(String name, String more) {
    return client.register(
        "name: %s\ntasks:\n  only:\n    agent: %s\n    %s\n".formatted(name, name, more));
  }
}
