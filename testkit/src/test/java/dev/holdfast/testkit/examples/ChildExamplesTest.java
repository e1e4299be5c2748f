package dev.holdfast.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.TaskFailedException;
import dev.holdfast.testkit.KitExecution;
import dev.holdfast.testkit.MockAgent;
import dev.holdfast.testkit.TestKit;
import java.util.Map;

/** Tasks that executions of their own carry out. */
class ChildExamplesTest {
  private static final Map<String, Double> SUM = Map.of("sum", 12.5);

  @Works("settlement.yaml")
  void aSettlementRunsAlone() {
    TestKit kit = ExampleFiles.kit("settlement.yaml");
    kit.agent("clerk");
    assertThat(kit.run("settlement", SUM)).isCompleted();
  }

  @Breaks("settlement.yaml")
  void aSettlementThatCantBeBookedFails() {
    TestKit kit = ExampleFiles.kit("settlement.yaml");
    kit.agent(
        "clerk",
        task -> {
          throw TaskFailedException.permanent("no-account", "it is closed");
        });
    assertThat(kit.run("settlement", SUM)).isFailed().hasError("no-account");
  }

  @Works("order.yaml")
  void anOrderIsSettledByAnExecutionOfItsOwn() {
    TestKit kit = ExampleFiles.kit("order.yaml", "settlement.yaml");
    kit.agent("clerk");
    KitExecution run = kit.run("order", SUM);
    assertThat(run).isCompleted();
    assertThat(kit.execution("order-1/settle")).isCompleted();
  }

  @Breaks("order.yaml")
  void aFailedSettlementIsTriedOnceMoreByAnotherExecution() {
    TestKit kit = ExampleFiles.kit("order.yaml", "settlement.yaml");
    MockAgent clerk =
        kit.agent(
            "clerk",
            task -> {
              if (task.id().equals("book")) {
                throw TaskFailedException.permanent("no-account", "it is closed");
              }
              return task.input();
            });
    assertThat(kit.run("order", SUM)).isFailed().hasError("no-account");
    assertThat(kit.execution("order-1/settle/2")).isFailed();
    assertThat(clerk.inputs()).hasSize(3);
  }

  @Breaks("order.yaml")
  void anOrderWithoutTheSettlementsDefinitionFails() {
    TestKit kit = ExampleFiles.kit("order.yaml");
    kit.agent("clerk");
    assertThat(kit.run("order", SUM)).isFailed().hasError("child-not-started");
  }
}
