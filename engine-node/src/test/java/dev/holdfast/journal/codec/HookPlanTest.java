package dev.holdfast.journal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.Growth;
import dev.holdfast.core.Limits;
import dev.holdfast.core.Plan;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.PlannedTask.AgentTask;
import dev.holdfast.core.PlannedTask.Hook;
import dev.holdfast.core.PlannedTask.OnFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is written beside the tasks is planned behind them. */
class HookPlanTest {
  @Test
  void setupAndTeardownAreTasksBesideTheGraph() {
    Plan plan =
        DefinitionTexts.plan(
            """
            name: n
            defaults: { timeout: 2h, retry: { maxAttempts: 2 } }
            setup: { agent: open, requires: { region: eu }, input: { for: "${execution.id}" } }
            teardown: { agent: close, input: { box: "${setup.output.box}", of: "${tasks.b.status}" } }
            tasks:
              a: { agent: x, input: { box: "${setup.output.box}" } }
              b: { agent: x, needs: [a], when: "${has(setup.output)}" }
            output: "${setup.output}"
            """);
    assertThat(plan.tasks().stream().map(PlannedTask::id))
        .containsExactly("a", "b", "setup", "teardown");
    PlannedTask setup = plan.task("setup");
    assertThat(setup.origin()).isEqualTo(Hook.SETUP);
    assertThat(setup.kind()).isEqualTo(new AgentTask("open", Map.of("region", "eu")));
    assertThat(setup.timeout()).isEqualTo(Duration.ofHours(2));
    assertThat(setup.retry().maxAttempts()).isEqualTo(2);
    assertThat(setup.onFailure()).isEqualTo(OnFailure.FAIL);
    PlannedTask teardown = plan.task("teardown");
    assertThat(teardown.origin()).isEqualTo(Hook.TEARDOWN);
    assertThat(teardown.timeout()).isEqualTo(Limits.TEARDOWN_TIMEOUT);
    assertThat(teardown.onFailure()).isEqualTo(OnFailure.CONTINUE);
    assertThat(setup.needs()).isEmpty();
    assertThat(teardown.needs()).isEmpty();
    assertThat(plan.task("a").needs()).isEmpty();
  }

  @Test
  void whatUndoesATaskIsGivenItsOutputUnlessItSaysOtherwise() {
    Plan plan =
        DefinitionTexts.plan(
            """
            name: n
            setup: { agent: open }
            tasks:
              a:
                agent: x
                onFailure: compensate
                compensate: { agent: undo, timeout: 5m, input: { id: "${output.id}", in: "${setup.output}", b: "${tasks.b.status}" } }
              b: { agent: x, needs: [a], compensate: { agent: undo } }
            """);
    assertThat(plan.task("a").onFailure()).isEqualTo(OnFailure.COMPENSATE);
    assertThat(plan.tasks()).hasSize(3);
    Plan grown = plan.grown(new Growth.Compensations(List.of("b", "a")));
    PlannedTask undo = grown.task("a.compensate");
    assertThat(undo.kind()).isEqualTo(new AgentTask("undo", Map.of()));
    assertThat(undo.timeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(undo.origin()).isEqualTo(new PlannedTask.Compensation(0));
    assertThat(grown.tasks().get(3).id()).isEqualTo("b.compensate");
  }

  @Test
  void aTaskMayBeCalledSetupWhereThereIsNone() {
    Plan plan = DefinitionTexts.plan("name: n\ntasks: { setup: { agent: x }, b: { agent: x } }");
    assertThat(plan.task("setup").origin()).isEqualTo(PlannedTask.Defined.IN_DEFINITION);
  }
}
