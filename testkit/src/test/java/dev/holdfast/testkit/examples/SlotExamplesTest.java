package dev.holdfast.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.ConflictException;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskFailedException;
import dev.holdfast.testkit.KitExecution;
import dev.holdfast.testkit.MockAgent;
import dev.holdfast.testkit.TestKit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Executions with a concurrency key. */
class SlotExamplesTest {
  private static final Map<String, String> ACME = Map.of("customer", "acme");
  private static final Map<String, String> OTHER = Map.of("customer", "other");

  @Works("customer-sync.yaml")
  void oneSynchronisationOfACustomerAtATime() {
    TestKit kit = ExampleFiles.kit("customer-sync.yaml");
    MockAgent syncer = kit.agent("syncer").taking(Duration.ofMinutes(1));
    KitExecution first = kit.start("customer-sync", ACME);
    KitExecution second = kit.start("customer-sync", ACME);
    KitExecution aside = kit.start("customer-sync", OTHER);
    kit.advance(Duration.ofSeconds(90));
    assertThat(second).waitsFor("concurrency key 'acme'");
    assertThat(syncer.calls()).isEqualTo(4);
    kit.runUntilIdle();
    assertThat(List.of(first, second, aside)).allSatisfy(one -> assertThat(one).isCompleted());
    assertThat(second.endedAt()).isEqualTo(first.endedAt().plusSeconds(120));
  }

  @Breaks("customer-sync.yaml")
  void aSynchronisationThatFailsLetsTheNextGoOn() {
    TestKit kit = ExampleFiles.kit("customer-sync.yaml");
    kit.agent(
        "syncer",
        task -> {
          if (task.execution().endsWith("1")) {
            throw TaskFailedException.permanent("no-access", "not allowed");
          }
          return task.input();
        });
    KitExecution first = kit.start("customer-sync", ACME);
    KitExecution second = kit.start("customer-sync", ACME);
    kit.runUntilIdle();
    assertThat(first).isFailed().hasError("no-access");
    assertThat(second).isCompleted();
  }

  private static TestKit kit(String onLimit) {
    TestKit kit = TestKit.create();
    kit.register(
        """
        name: sync
        concurrencyKey: { key: "${input.customer}", onLimit: %s }
        tasks:
          work: { agent: syncer, retry: { maxAttempts: 1 } }
        """
            .formatted(onLimit));
    return kit;
  }

  @Test
  void startIsRefusedAndARetryToo() {
    TestKit kit = kit("refuse");
    kit.agent("syncer").alwaysFailing("oops");
    KitExecution first = kit.run("sync", ACME);
    assertThat(first).isFailed();
    kit.agent("syncer").neverAnswering();
    kit.start("sync", OTHER);
    kit.start("sync", ACME);
    assertThatThrownBy(() -> kit.start("sync", ACME)).isInstanceOf(ConflictException.class);
    assertThatThrownBy(first::retry)
        .isInstanceOfSatisfying(
            ConflictException.class, e -> assertThat(e.code()).isEqualTo("concurrency-limit"));
  }

  @Test
  void newcomerTakesThePlaceOfTheRunningOne() {
    TestKit kit = kit("cancel-running");
    kit.agent("syncer").taking(Duration.ofMinutes(30));
    KitExecution old = kit.start("sync", ACME);
    kit.advance(Duration.ofMinutes(1));
    KitExecution next = kit.start("sync", ACME);
    kit.runUntilIdle();
    assertThat(old.status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(next).isCompleted();
  }
}
