package dev.holdfast.testkit.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ApprovalOptions;
import dev.holdfast.testkit.KitExecution;
import dev.holdfast.testkit.MockAgent;
import dev.holdfast.testkit.TestKit;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RefundTest {
  private final TestKit kit = TestKit.create();

  @BeforeEach
  void register() {
    kit.register(
        """
        name: refund
        timeout: 7d
        tasks:
          check:
            agent: order-checker
            input: { order: "${input.order}" }
            timeout: 10m
            retry: { maxAttempts: 3, initial: 30s, jitter: 0 }
          pay:
            agent: payments
            needs: [check]
            input: { sum: "${tasks.check.output.sum}" }
            pauseBefore: { approvers: [finance], expires: 2d }
        output: "${tasks.pay.output}"
        """);
  }

  @Test
  void isPaidOnceFinanceApproves() {
    kit.agent("order-checker", task -> Map.of("sum", 12.5))
        .failing(1)
        .taking(Duration.ofMinutes(1));
    MockAgent payments = kit.agent("payments", task -> "paid");

    KitExecution refund = kit.start("refund", Map.of("order", 7));
    kit.runUntilIdle();
    assertThat(refund).waitsFor("approval by one of the roles [finance]").hasAttempts("check", 2);
    // A minute each, and half a minute between them.
    assertThat(kit.now()).isEqualTo(refund.startedAt().plus(Duration.ofSeconds(150)));

    refund.as("ann").approve("pay", ApprovalOptions.NONE.roles("finance"));
    kit.runUntilIdle();
    assertThat(refund)
        .isCompleted()
        .hasOutput("paid")
        .history()
        .containsInOrder("TaskRetryScheduled check", "TaskCompleted check", "ApprovalDecided pay");
    assertThat(payments.inputs()).containsExactly(Map.of("sum", 12.5));
  }

  @Test
  void isNotPaidWhenNobodyDecides() {
    kit.agent("order-checker", task -> Map.of("sum", 12.5));
    MockAgent payments = kit.agent("payments", task -> "paid");

    KitExecution refund = kit.start("refund", Map.of("order", 7));
    kit.advance(Duration.ofDays(2));
    assertThat(refund).isFailed().hasError("approval-expired");
    assertThat(payments.calls()).isZero();
  }

  @Test
  void isCheckedAgainWhenTheCheckerFallsSilent() {
    kit.agent("order-checker", task -> Map.of("sum", 12.5)).silent(1);
    kit.agent("payments", task -> "paid");

    KitExecution refund = kit.start("refund", Map.of("order", 7));
    kit.runUntilIdle();
    assertThat(refund).hasCompleted("check").hasAttempts("check", 2);
  }
}
