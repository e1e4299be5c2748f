package dev.holdfast.cli.workflow;

import dev.holdfast.api.ExecutionView;
import dev.holdfast.api.TaskError;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.output.Output;
import dev.holdfast.cli.output.Table;
import dev.holdfast.cli.output.Times;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code workflow show}. */
@Command(name = "show", description = "Show where a workflow and its tasks stand.")
final class ShowWorkflowCommand extends ExecutionCommand {
  @Override
  protected int run(ApiClient api, Output output) {
    output.answer(api.get(path()), ExecutionView.class, ShowWorkflowCommand::print);
    return ExitCode.DONE;
  }

  private static void print(ExecutionView execution, Output output) {
    Instant end = execution.endedAt() == null ? output.now() : execution.endedAt();
    output.field("id", execution.id());
    output.field("definition", execution.definition() + " v" + execution.version());
    ExecutionView.Parent parent = execution.parent();
    if (parent != null) {
      output.field("parent", "%s, its task %s".formatted(parent.id(), parent.task()));
    }
    ExecutionView.Scheduled scheduled = execution.scheduled();
    if (scheduled != null) {
      output.field("schedule", "%s, for %s".formatted(scheduled.by(), scheduled.at()));
    }
    output.field("status", execution.status());
    output.field("progress", progress(execution.progress()));
    output.field("started", output.ago(execution.startedAt()));
    output.field("took", Times.duration(Duration.between(execution.startedAt(), end)));
    output.field("session", execution.session());
    ExecutionView.PauseInfo pause = execution.pause();
    if (pause != null) {
      output.field("paused", pauseText(pause, output));
    }
    output.field("error", text(execution.error()));
    if (execution.output() != null) {
      output.field("output", Json.line(execution.output()));
    }
    ExecutionView.Eta eta = execution.eta();
    if (eta != null) {
      output.field(
          "left",
          Times.duration(Duration.ofMillis(eta.p50Ms()))
              + " to "
              + Times.duration(Duration.ofMillis(eta.p90Ms()))
              + " ("
              + eta.basis()
              + ")");
    }
    output.line("");
    output.table(tasks(execution, output));
  }

  private static String progress(ExecutionView.Progress progress) {
    return "%d%%, %d of %d tasks ended, %d running"
        .formatted(
            progress.percent(),
            progress.completed() + progress.skipped() + progress.failed(),
            progress.total(),
            progress.running());
  }

  private static String pauseText(ExecutionView.PauseInfo pause, Output output) {
    return "by %s %s (%s)%s, resumes by itself %s"
        .formatted(
            pause.by(),
            output.ago(pause.at()),
            pause.mode(),
            pause.reason() == null ? "" : ": " + pause.reason(),
            output.ago(pause.autoResumeAt()));
  }

  private static Table tasks(ExecutionView execution, Output output) {
    Table table = new Table("TASK", "STATUS", "AGENT", "WORKER", "ATTEMPT", "TOOK", "NOTE");
    for (ExecutionView.Task task : execution.tasks()) {
      table.row(
          task.id(),
          task.status(),
          task.workflow() == null ? task.agent() : "workflow " + task.workflow(),
          task.worker(),
          task.attempt() == 0 ? "" : task.attempt(),
          took(task, output),
          note(execution, task, output));
    }
    return table;
  }

  private static String took(ExecutionView.Task task, Output output) {
    if (task.attempts().isEmpty()) {
      return "";
    }
    ExecutionView.AttemptInfo last = task.attempts().getLast();
    Instant end = last.endedAt() == null ? output.now() : last.endedAt();
    return Times.duration(Duration.between(last.startedAt(), end));
  }

  private static String note(ExecutionView execution, ExecutionView.Task task, Output output) {
    if (task.error() != null) {
      return text(task.error());
    }
    if (task.retryAt() != null) {
      return "next attempt " + output.ago(task.retryAt());
    }
    if (task.waitingFor() != null) {
      return task.waitingFor();
    }
    if (task.child() != null) {
      return "execution " + task.child();
    }
    Double progress = task.progress();
    return progress == null ? added(execution, task) : Math.round(progress * 100) + "%";
  }

  /** How far the tasks are that came into being by this one. */
  private static String added(ExecutionView execution, ExecutionView.Task task) {
    int all = 0;
    int ended = 0;
    for (ExecutionView.Task other : execution.tasks()) {
      if (task.id().equals(other.of())) {
        all++;
        ended += other.status().isEnded() ? 1 : 0;
      }
    }
    return all == 0 ? "" : "%d of %d ended".formatted(ended, all);
  }

  private static String text(@Nullable TaskError error) {
    return error == null ? "" : error.type() + ": " + error.message();
  }
}
