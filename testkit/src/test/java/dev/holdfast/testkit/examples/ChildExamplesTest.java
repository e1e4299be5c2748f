package dev.holdfast.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.TaskFailedException;
import dev.holdfast.testkit.KitExecution;
import dev.holdfast.testkit.MockAgent;
import dev.holdfast.testkit.TestKit;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
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

  @Works("settlements.yaml")
  void everySumIsSettledByAnExecutionOfItsOwnTwoAtOnce() {
    TestKit kit = ExampleFiles.kit("settlements.yaml", "settlement.yaml");
    MockAgent clerk = kit.agent("clerk").taking(Duration.ofMinutes(1)).concurrency(10);
    KitExecution run = kit.start("settlements", Map.of("sums", List.of(1.5, 2.5, 3.5)));
    kit.advance(Duration.ofSeconds(30));
    assertThat(clerk.inputs()).as("of three sums two are under way").hasSize(2);
    assertThat(run.waitingFor())
        .contains("task 'each[0]': execution 'settlements-1/each.0', which carries it out");
    kit.runUntilIdle();
    assertThat(run)
        .isCompleted()
        .hasOutput(
            Map.of(
                "settled",
                List.of(
                    Map.of("sum", 1.5, "account", 4711),
                    Map.of("sum", 2.5, "account", 4711),
                    Map.of("sum", 3.5, "account", 4711))));
    assertThat(run.child("each[2]").id()).isEqualTo("settlements-1/each.2");
    assertThat(kit.run("settlements", Map.of("sums", List.of())))
        .isCompleted()
        .hasOutput(Map.of("settled", List.of()));
  }

  @Breaks("settlements.yaml")
  void aSumThatCantBeSettledIsTriedOnceMoreAndLeavesAGap() {
    TestKit kit = ExampleFiles.kit("settlements.yaml", "settlement.yaml");
    kit.agent(
        "clerk",
        task -> {
          if (task.execution().startsWith("settlements-1/each.1")) {
            throw TaskFailedException.permanent("no-account", "it is closed");
          }
          return task.input();
        });
    KitExecution run = kit.run("settlements", Map.of("sums", List.of(1.5, 2.5)));
    assertThat(run).isCompleted();
    assertThat(run.task("each[1]").error().type()).isEqualTo("no-account");
    assertThat(run.child("each[1]").id()).isEqualTo("settlements-1/each.1/2");
    assertThat(run.task("each").output())
        .isEqualTo(Arrays.asList(Map.of("sum", 1.5, "account", 4711L), null));
  }

  @Breaks("order.yaml")
  void anOrderWithoutTheSettlementsDefinitionFails() {
    TestKit kit = ExampleFiles.kit("order.yaml");
    kit.agent("clerk");
    assertThat(kit.run("order", SUM)).isFailed().hasError("child-not-started");
  }
}
