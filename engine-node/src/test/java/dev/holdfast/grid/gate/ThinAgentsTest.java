package dev.holdfast.grid.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.AgentView;
import dev.holdfast.api.ExecutionFailedException;
import dev.holdfast.api.ExecutionResult;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.StartOptions;
import dev.holdfast.api.TaskFailedException;
import dev.holdfast.client.ExecutionHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What handlers and their agents do with the thin client, against a real member. */
class ThinAgentsTest extends ThinClientFixture {
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
}
