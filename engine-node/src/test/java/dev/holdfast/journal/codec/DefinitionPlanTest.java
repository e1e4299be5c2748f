package dev.holdfast.journal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.Gates;
import dev.holdfast.core.Limits;
import dev.holdfast.core.Plan;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.PlannedTask.AgentTask;
import dev.holdfast.core.PlannedTask.Join;
import dev.holdfast.core.PlannedTask.OnFailure;
import dev.holdfast.core.PlannedTask.SwitchTask;
import dev.holdfast.core.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is written is what is planned. */
class DefinitionPlanTest {
  private static PlannedTask only(String fields) {
    return DefinitionTexts.plan("name: n\ntasks:\n  a: { agent: x, " + fields + " }").task("a");
  }

  @Test
  void everyFieldOfATask() {
    PlannedTask task =
        only(
            "requires: {region: eu, gpu: true, cores: 8}, timeout: 10m, heartbeat: 30s, priority:"
                + " 7, join: always, onFailure: continue, when: '${true}', input: {k: 1}, set: {v:"
                + " '${output.v}'}, retry: {maxAttempts: 2, initial: 250ms, factor: 1.5, max:"
                + " PT10S, jitter: 0, nonRetryable: [bad-input]}");
    assertThat(task.kind())
        .isEqualTo(new AgentTask("x", Map.of("region", "eu", "gpu", "true", "cores", "8")));
    assertThat(task.timeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(task.heartbeat()).isEqualTo(Duration.ofSeconds(30));
    assertThat(task.priority()).isEqualTo(7);
    assertThat(task.join()).isEqualTo(Join.ALWAYS);
    assertThat(task.onFailure()).isEqualTo(OnFailure.CONTINUE);
    assertThat(Objects.requireNonNull(task.when()).source()).isEqualTo("true");
    assertThat(task.set()).containsOnlyKeys("v");
    assertThat(task.retry())
        .isEqualTo(
            new RetryPolicy(
                2, Duration.ofMillis(250), 1.5, Duration.ofSeconds(10), 0, Set.of("bad-input")));
  }

  @Test
  void aListAndATaskThatAddsTasks() {
    PlannedTask list = only("forEach: [1, 2], concurrency: 3, maxItems: 4, requires: { gpu: 1 }");
    assertThat(list.kind())
        .isInstanceOfSatisfying(
            PlannedTask.ForEachTask.class,
            kind -> {
              assertThat(kind.each()).isEqualTo(new AgentTask("x", Map.of("gpu", "1")));
              assertThat(kind.concurrency()).isEqualTo(3);
              assertThat(kind.maxItems()).isEqualTo(4);
            });
    assertThat(list.input()).as("the item itself").isNotNull();
    PlannedTask bare = only("forEach: \"${input.lines}\"");
    assertThat(bare.kind())
        .isInstanceOfSatisfying(
            PlannedTask.ForEachTask.class,
            kind -> {
              assertThat(kind.concurrency()).isEqualTo(Limits.TASKS_MAX);
              assertThat(kind.maxItems()).isEqualTo(Limits.TASKS_MAX);
            });
    assertThat(only("spawn: { max: 7 }").kind()).isEqualTo(new AgentTask("x", Map.of(), 7));
  }

  @Test
  void approvalsOfATask() {
    assertThat(only("pauseBefore: true").gates())
        .isEqualTo(new Gates(null, null, new Gates.Approval(List.of(), null)));
    assertThat(only("pauseBefore: { approvers: [finance, board], expires: 48h }").gates())
        .isEqualTo(
            new Gates(
                null, null, new Gates.Approval(List.of("finance", "board"), Duration.ofHours(48))));
    assertThat(only("pauseBefore: { expires: never }").gates())
        .isEqualTo(new Gates(null, null, new Gates.Approval(List.of(), null)));
    assertThat(only("pauseBefore: false").gates()).isEqualTo(Gates.NONE);
    PlannedTask unmanned =
        DefinitionTexts.plan("{name: n, tasks: {a: {pauseBefore: true}}}").task("a");
    assertThat(unmanned.kind()).isEqualTo(new PlannedTask.UnmannedTask());
  }

  @Test
  void workflowOfATask() {
    PlannedTask newest =
        DefinitionTexts.plan("{name: n, tasks: {a: {workflow: w, retry: {maxAttempts: 2}}}}")
            .task("a");
    assertThat(newest.kind())
        .isEqualTo(new PlannedTask.WorkflowTask("w", null, PlannedTask.OnParentClose.CANCEL));
    assertThat(newest.retry().maxAttempts()).isEqualTo(2);
    assertThat(newest.timeout()).as("the child's own holds").isEqualTo(Limits.DURATION_MAX);
    PlannedTask pinned =
        DefinitionTexts.plan(
                "{name: n, tasks: {a: {workflow: w, version: 3, onParentClose: abandon,"
                    + " timeout: 2h, pauseBefore: true}}}")
            .task("a");
    assertThat(pinned.kind())
        .isEqualTo(new PlannedTask.WorkflowTask("w", 3, PlannedTask.OnParentClose.ABANDON));
    assertThat(pinned.timeout()).isEqualTo(Duration.ofHours(2));
  }

  @Test
  void listOfWorkflows() {
    PlannedTask list =
        DefinitionTexts.plan(
                "{name: n, tasks: {a: {workflow: w, version: 3, onParentClose: abandon,"
                    + " forEach: [1, 2], concurrency: 3, maxItems: 4}}}")
            .task("a");
    assertThat(list.kind())
        .isInstanceOfSatisfying(
            PlannedTask.ForEachTask.class,
            kind -> {
              assertThat(kind.each())
                  .isEqualTo(
                      new PlannedTask.WorkflowTask("w", 3, PlannedTask.OnParentClose.ABANDON));
              assertThat(kind.concurrency()).isEqualTo(3);
              assertThat(kind.maxItems()).isEqualTo(4);
            });
    assertThat(list.input()).as("the item itself").isNotNull();
    assertThat(list.timeout()).as("the children's own holds").isEqualTo(Limits.DURATION_MAX);
  }

  @Test
  void delayAndSignalOfATask() {
    assertThat(only("delay: 10m").gates()).isEqualTo(new Gates(Duration.ofMinutes(10), null, null));
    assertThat(only("waitFor: { signal: paid, timeout: 2d }").gates())
        .isEqualTo(new Gates(null, new Gates.Signal("paid", Duration.ofDays(2)), null));
    assertThat(only("waitFor: { signal: paid }, input: '${signal.sum}'").gates().signal())
        .isEqualTo(new Gates.Signal("paid", null));
    PlannedTask unmanned =
        DefinitionTexts.plan("{name: n, tasks: {a: {waitFor: {signal: x}}}}").task("a");
    assertThat(unmanned.kind()).isEqualTo(new PlannedTask.UnmannedTask());
  }

  @Test
  void whatIsNotSaidIsTheDefault() {
    Plan plan = DefinitionTexts.plan("{name: n, tasks: {a: {agent: x}}}");
    PlannedTask task = plan.task("a");
    assertThat(plan.timeout()).isEqualTo(Duration.ofHours(24));
    assertThat(plan.variables()).isEmpty();
    assertThat(plan.output()).isNull();
    assertThat(plan.inputSchema().violations(5L)).isEmpty();
    assertThat(task.timeout()).isEqualTo(Duration.ofHours(1));
    assertThat(task.heartbeat()).isNull();
    assertThat(task.retry()).isEqualTo(RetryPolicy.DEFAULT);
    assertThat(task.priority()).isNull();
    assertThat(task.join()).isEqualTo(Join.ANY);
    assertThat(task.onFailure()).isEqualTo(OnFailure.FAIL);
    assertThat(task.input()).isNull();
    assertThat(task.when()).isNull();
  }

  @Test
  void defaultsHoldFieldByField() {
    Plan plan =
        DefinitionTexts.plan(
            """
            name: n
            defaults: { timeout: 5m, heartbeat: 9s, priority: 2, retry: { maxAttempts: 7, initial: 2m } }
            tasks:
              a: { agent: x }
              b: { agent: x, timeout: 1m, retry: { initial: 3s } }
            """);
    PlannedTask a = plan.task("a");
    assertThat(a.timeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(a.heartbeat()).isEqualTo(Duration.ofSeconds(9));
    assertThat(a.priority()).isEqualTo(2);
    assertThat(a.retry().maxAttempts()).isEqualTo(7);
    assertThat(a.retry().max()).as("not less than initial").isEqualTo(Duration.ofMinutes(2));
    PlannedTask b = plan.task("b");
    assertThat(b.timeout()).isEqualTo(Duration.ofMinutes(1));
    assertThat(b.retry().maxAttempts()).isEqualTo(7);
    assertThat(b.retry().initial()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void aTaskOfACaseNeedsItsSwitch() {
    Plan plan =
        DefinitionTexts.plan(
            """
            name: n
            tasks:
              low: { agent: x, needs: [first] }
              first: { agent: x }
              route:
                needs: [first]
                switch:
                  - { when: "${tasks.first.output > 3}", then: [high] }
                  - { otherwise: true, then: [low] }
              high: { agent: x, needs: [route] }
              end: { agent: x, needs: [high, low], input: "${tasks.first.output}" }
            """);
    assertThat(plan.task("low").needs()).containsExactly(1, 2);
    assertThat(plan.task("high").needs()).containsExactly(2);
    assertThat(plan.task("first").successors()).containsExactly(0, 2);
    assertThat(plan.task("route").successors()).containsExactly(0, 3);
    var cases = ((SwitchTask) plan.task("route").kind()).cases();
    assertThat(cases).extracting(PlannedTask.Case::then).containsExactly(List.of(3), List.of(0));
    assertThat(cases.get(1).when()).isNull();
  }

  @Test
  void outputIsATemplateOrASchema() {
    String head = "name: n\ntasks: {a: {agent: x}}\n";
    Plan schema = DefinitionTexts.plan(head + "output: {type: object, required: [x]}");
    assertThat(schema.output()).isNull();
    assertThat(schema.outputSchema().violations(Map.of())).isNotEmpty();
    Plan template = DefinitionTexts.plan(head + "output: {type: \"${tasks.a.output}\"}");
    assertThat(template.output()).isNotNull();
    assertThat(template.outputSchema().violations(Map.of())).isEmpty();
    Plan constant = DefinitionTexts.plan(head + "output: {state: done}");
    assertThat(constant.output()).isNotNull();
    Plan both = DefinitionTexts.plan(head + "output: ok\noutputSchema: {type: object}");
    assertThat(both.output()).isNotNull();
    assertThat(both.outputSchema().violations("ok")).isNotEmpty();
  }
}
