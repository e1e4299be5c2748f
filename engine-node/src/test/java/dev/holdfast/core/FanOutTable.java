package dev.holdfast.core;

import static dev.holdfast.core.Given.cancel;
import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.fail;
import static dev.holdfast.core.Given.fireTimers;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.loseLease;
import static dev.holdfast.core.Given.nonce;
import static dev.holdfast.core.Given.pause;
import static dev.holdfast.core.Given.resume;
import static dev.holdfast.core.Given.retry;
import static dev.holdfast.core.Given.start;
import static dev.holdfast.core.Given.startChild;
import static dev.holdfast.core.Given.tell;

import dev.holdfast.api.PauseMode;
import dev.holdfast.api.SpawnedTask;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.PlannedTask.OnFailure;
import dev.holdfast.core.Rejection.Code;
import dev.holdfast.core.TransitionTable.Nothing;
import dev.holdfast.core.TransitionTable.Refused;
import dev.holdfast.core.TransitionTable.Rows;
import dev.holdfast.core.TransitionTable.To;
import java.util.List;
import java.util.function.UnaryOperator;

/** The part of the table that is about tasks with {@code forEach}. */
final class FanOutTable {
  private FanOutTable() {}

  /** x has two items, which wait for agents. */
  private static Given expanded(UnaryOperator<PlanBuilder.TaskBuilder> with) {
    return given(PlanBuilder.of("b").task("x", t -> with.apply(t.forEach(s -> List.of("i", "j")))));
  }

  private static Given expanded() {
    return expanded(t -> t);
  }

  static void ofTask(Rows rows) {
    rows.row(expanded(), start("x", 1), new Refused(Code.TASK_NOT_READY), "waits for its items");
    rows.row(
        expanded(), complete("x", 1, null), new Refused(Code.STALE_ATTEMPT), "waits for its items");
    rows.row(
        expanded(), fail("x", 1, "oops"), new Refused(Code.STALE_ATTEMPT), "waits for its items");
    rows.row(expanded(), loseLease("x", 1), new Nothing(), "waits for its items");
    rows.row(expanded(), fireTimers(), new Nothing(), "nothing due");
    rows.row(
        expanded().after(Limits.WORKFLOW_TIMEOUT),
        fireTimers(),
        new To(TaskStatus.CANCELLED),
        "workflow's");
    rows.row(
        expanded().and(start("x[0]", 1)).after(Limits.TASK_TIMEOUT),
        fireTimers(),
        new To(TaskStatus.FAILED),
        "an item's, no attempts left");
    Given both = expanded().and(start("x[0]", 1), start("x[1]", 1));
    rows.row(both, complete("x[0]", 1, null), new To(TaskStatus.RUNNING), "an item's");
    rows.row(both, fail("x[0]", 1, "oops"), new To(TaskStatus.FAILED), "an item's");
    rows.row(
        expanded().and(start("x[0]", 1), start("x[1]", 1), complete("x[1]", 1, null)),
        complete("x[0]", 1, null),
        new To(TaskStatus.COMPLETED),
        "the last item's");
    rows.row(
        expanded(t -> t.onFailure(OnFailure.CONTINUE)).and(start("x[0]", 1), start("x[1]", 1)),
        fail("x[0]", 1, "oops"),
        new To(TaskStatus.RUNNING),
        "an item's, `onFailure: continue`");
  }

  /** x has two items, of which each waits for an execution. */
  private static Given ofChildren() {
    return expanded(t -> t.workflow("sub"));
  }

  static void ofTaskWithChildren(Rows rows) {
    var out = new ChildReport.Completed("out");
    var oops = new ChildReport.Failed(new TaskError("oops", "it went wrong"));
    rows.row(
        ofChildren(), startChild("x", 1), new Refused(Code.TASK_NOT_READY), "waits for its items");
    rows.row(ofChildren(), tell("x", 1, out), new Nothing(), "waits for its items");
    rows.row(ofChildren(), startChild("x[0]", 1), new To(TaskStatus.RUNNING), "an item's");
    Given both = ofChildren().and(startChild("x[0]", 1), startChild("x[1]", 1));
    rows.row(both, tell("x[0]", 1, out), new To(TaskStatus.RUNNING), "an item's");
    rows.row(both, tell("x[0]", 1, oops), new To(TaskStatus.FAILED), "an item's");
    rows.row(
        ofChildren().and(startChild("x[0]", 1), startChild("x[1]", 1), tell("x[1]", 1, out)),
        tell("x[0]", 1, out),
        new To(TaskStatus.COMPLETED),
        "the last item's");
  }

  /** x runs, and its result may add two tasks. */
  private static Given planning() {
    return given(PlanBuilder.of("b").task("x", t -> t.spawn(2))).and(start("x", 1));
  }

  private static Command adding(SpawnedTask... tasks) {
    return new Command.CompleteTask("x", 1, nonce("x", 1), null, List.of(tasks));
  }

  static void ofTaskThatAdds(Rows rows) {
    var one = new SpawnedTask("one", "agent", null, List.of());
    var odd = new SpawnedTask("x", "agent", null, List.of());
    var two = new SpawnedTask("two", "agent", null, List.of("one"));
    var three = new SpawnedTask("three", "agent", null, List.of());
    rows.row(planning(), adding(one, two), new To(TaskStatus.COMPLETED), "adds tasks");
    rows.row(planning(), adding(odd), new Refused(Code.INVALID_SPAWN), "adds what can't be");
    rows.row(
        planning(), adding(one, two, three), new Refused(Code.LIMIT_EXCEEDED), "adds too many");
    rows.row(planning().and(adding(one, two)), adding(one, two), new Nothing(), "same result");
  }

  static List<Given> otherPaths() {
    Given empty = given(PlanBuilder.of().task("x", t -> t.forEach(s -> List.of())));
    Given goesOnAfterFailure =
        expanded()
            .and(start("b", 1), complete("b", 1, null), start("x[0]", 1), complete("x[0]", 1, "i"))
            .and(start("x[1]", 1), fail("x[1]", 1, "oops"), retry("t1", null))
            .and(pause("p1", PauseMode.GRACEFUL), resume("r1"), start("x[1]", 2))
            .and(complete("x[1]", 2, "j"));
    Given goesOnAfterAnothersFailure =
        expanded()
            .and(start("x[0]", 1), complete("x[0]", 1, "i"), start("b", 1), fail("b", 1, "oops"))
            .and(retry("t1", null), cancel("c1"));
    return List.of(empty, goesOnAfterFailure, goesOnAfterAnothersFailure);
  }
}
