package dev.holdfast.cli.schedule;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code schedule resume}. */
@Command(name = "resume", description = "Go on with the next time.")
final class ResumeScheduleCommand extends NamedScheduleCommand {
  @Option(names = "--reason", paramLabel = "TEXT", description = "Kept in the history.")
  private @Nullable String reason;

  @Override
  protected int run(ApiClient api, Output output) {
    control(api, output, "resume", reason);
    return ExitCode.DONE;
  }
}
