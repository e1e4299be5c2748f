package dev.holdfast.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.ApprovalOptions;
import dev.holdfast.api.InvalidRequestException;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.testkit.KitExecution;
import dev.holdfast.testkit.MockAgent;
import dev.holdfast.testkit.TestKit;
import java.time.Duration;
import java.util.Map;

/** What waits for people and for words from outside. */
class GateExamplesTest {
  private static final Map<String, Object> PAYMENT = Map.of("to", "Ada", "sum", 12.5);
  private static final ApprovalOptions FINANCE = ApprovalOptions.NONE.roles("finance");

  @Works("approval.yaml")
  void aPaymentIsMadeOnceFinanceHasApprovedIt() {
    TestKit kit = ExampleFiles.kit("approval.yaml");
    MockAgent payments = kit.agent("payments");
    KitExecution payment = kit.run("payment", PAYMENT);
    assertThat(payment)
        .hasTask("pay", TaskStatus.AWAITING_APPROVAL)
        .waitsFor("approval by one of the roles [finance]");
    assertThat(payments.calls()).isEqualTo(1);
    assertThatThrownBy(() -> payment.as("ann").approve("pay"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("ann has none");

    payment.as("ann").approve("pay", FINANCE);
    kit.runUntilIdle();
    assertThat(payment).hasCompleted("pay").hasTask("file", TaskStatus.AWAITING_APPROVAL);

    payment.as("bob").approve("file", ApprovalOptions.NONE.output("folder 7"));
    assertThat(payment)
        .isCompleted()
        .hasOutput(Map.of("paid", PAYMENT, "filed", "folder 7"))
        .history()
        .containsInOrder("ApprovalDecided pay", "TaskStarted pay", "TaskPassed file");
  }

  @Breaks("approval.yaml")
  void aPaymentThatIsRejectedIsNotMade() {
    TestKit kit = ExampleFiles.kit("approval.yaml");
    MockAgent payments = kit.agent("payments");
    KitExecution payment = kit.run("payment", PAYMENT);
    payment.as("ann").reject("pay", FINANCE.reason("too much"));
    kit.runUntilIdle();
    assertThat(payment).isFailed().hasError("rejected");
    assertThat(payment.error().message()).contains("ann", "too much");
    assertThat(payments.calls()).isEqualTo(1);
  }

  @Breaks("approval.yaml")
  void aPaymentThatNobodyDecidesOnFailsAfterTwoDays() {
    TestKit kit = ExampleFiles.kit("approval.yaml");
    kit.agent("payments");
    KitExecution payment = kit.run("payment", PAYMENT);
    kit.advance(Duration.ofDays(2).minusMillis(1));
    assertThat(payment).isRunning();
    kit.advance(Duration.ofMillis(1));
    assertThat(payment).isFailed().hasError("approval-expired");
  }

  @Works("signals.yaml")
  void anOrderIsShippedOnceItIsPaid() {
    TestKit kit = ExampleFiles.kit("signals.yaml");
    MockAgent shop = kit.agent("shop");
    KitExecution order = kit.run("paid-order", Map.of("item", "a lamp"));
    assertThat(order).waitsFor("signal 'paid'");

    order.signal("paid", Map.of("sum", 12.5), "payment-77");
    order.signal("paid", Map.of("sum", 12.5), "payment-77");
    kit.runUntilIdle();

    assertThat(order).isCompleted().history().containsTimes(1, "SignalReceived");
    assertThat(shop.inputs()).contains(Map.of("ship", "a lamp", "sum", 12.5));
    assertThat(kit.now()).isEqualTo(order.startedAt().plus(Duration.ofSeconds(5)));
  }

  @Breaks("signals.yaml")
  void anOrderThatIsNotPaidIsNotShipped() {
    TestKit kit = ExampleFiles.kit("signals.yaml");
    MockAgent shop = kit.agent("shop");
    KitExecution order = kit.run("paid-order", Map.of("item", "a lamp"));
    kit.advance(Duration.ofDays(2));
    assertThat(order).isCompleted().hasTaskError("paid", "signal-timeout").hasSkipped("ship");
    assertThat(shop.calls()).isEqualTo(1);
  }
}
