package dev.holdfast.cli.schedule;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code schedule delete}. */
@Command(name = "delete", description = "End a schedule; what it had begun goes on.")
final class DeleteScheduleCommand extends NamedScheduleCommand {
  @Override
  protected int run(ApiClient api, Output output) {
    api.delete(path());
    if (output.json()) {
      output.pretty(Map.of("name", name(), "deleted", true));
    } else {
      output.line(name() + " is deleted");
    }
    return ExitCode.DONE;
  }
}
