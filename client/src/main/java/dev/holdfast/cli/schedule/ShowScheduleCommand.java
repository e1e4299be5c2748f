package dev.holdfast.cli.schedule;

import dev.holdfast.api.ScheduleView;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import dev.holdfast.cli.output.Table;
import dev.holdfast.cli.output.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code schedule show}. */
@Command(name = "show", description = "Show a schedule, its next times and its newest firings.")
final class ShowScheduleCommand extends NamedScheduleCommand {
  @Override
  protected int run(ApiClient api, Output output) {
    output.answer(api.get(path()), ScheduleView.class, ShowScheduleCommand::print);
    return ExitCode.DONE;
  }

  private static void print(ScheduleView schedule, Output output) {
    output.field("name", schedule.name());
    output.field("description", schedule.description());
    output.field("status", schedule.status());
    output.field("cron", schedule.cron() + " (" + schedule.zone() + ")");
    output.field(
        "definition",
        schedule.definition()
            + (schedule.version() == null ? "" : " version " + schedule.version()));
    output.field("overlap", schedule.overlap().text());
    output.field("catch-up", Times.duration(Duration.ofMillis(schedule.catchUpMs())));
    ScheduleView.PauseInfo pause = schedule.pause();
    if (pause != null) {
      output.field(
          "paused",
          "by %s %s%s"
              .formatted(
                  pause.by(),
                  output.ago(pause.at()),
                  pause.reason() == null ? "" : ": " + pause.reason()));
    }
    output.field(
        "next",
        schedule.upcoming().stream().map(Instant::toString).collect(Collectors.joining(", ")));
    output.field(
        "waiting",
        schedule.waiting().stream().map(Instant::toString).collect(Collectors.joining(", ")));
    output.line("");
    Table table = new Table("TIME", "OUTCOME", "EXECUTION", "STARTED", "TOOK", "NOTE");
    if (schedule.running() != null) {
      row(table, schedule.running(), output);
    }
    schedule.recent().forEach(firing -> row(table, firing, output));
    output.table(table);
  }

  private static void row(Table table, ScheduleView.Firing firing, Output output) {
    Instant started = firing.startedAt();
    Instant end = firing.endedAt() == null ? output.now() : firing.endedAt();
    table.row(
        firing.scheduledAt(),
        firing.outcome() == null ? "RUNNING" : firing.outcome(),
        firing.execution() == null ? "" : firing.execution(),
        started == null ? "" : output.ago(started),
        started == null ? "" : Times.duration(Duration.between(started, end)),
        note(firing));
  }

  private static String note(ScheduleView.Firing firing) {
    if (firing.error() != null) {
      return firing.error().type() + ": " + firing.error().message();
    }
    return firing.until() == null
        ? ""
        : "%d times until %s".formatted(firing.count(), firing.until());
  }
}
