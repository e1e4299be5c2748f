package dev.holdfast.cli.schedule;

import dev.holdfast.api.ScheduleView;
import dev.holdfast.cli.ApplyCommand;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.output.Output;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code schedule apply}. */
@Command(
    name = "apply",
    description = "Begin schedules, or make them what the files say; what is the same stays.")
final class ApplyScheduleCommand extends ApplyCommand {
  private static final int UNPROCESSABLE = 422;
  private static final int BAD_REQUEST = 400;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "YAML or JSON files, one schedule in each, with its name.")
  private List<Path> files = List.of();

  @Override
  protected List<Path> files() {
    return files;
  }

  @Override
  protected String path(Path file, Optional<String> name) {
    return "/v1/schedules/"
        + name.orElseThrow(() -> usage(file + " has no name: add a line such as 'name: nightly'"));
  }

  @Override
  protected String line(Map<String, @Nullable Object> answer, Output output) {
    var schedule = Json.as(answer, ScheduleView.class);
    String next =
        schedule.upcoming().isEmpty() ? "" : ", next " + output.ago(schedule.upcoming().getFirst());
    return "%s is %s, revision %d%s"
        .formatted(schedule.name(), schedule.status(), schedule.revision(), next);
  }

  @Override
  protected boolean isOfFile(int status) {
    return status == UNPROCESSABLE || status == BAD_REQUEST;
  }

  @Override
  protected String remark(Path file, Object error) {
    return String.valueOf(error);
  }
}
