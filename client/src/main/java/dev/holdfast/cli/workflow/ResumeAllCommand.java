package dev.holdfast.cli.workflow;

import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code workflow resume-all}. */
@Command(
    name = "resume-all",
    description = "Resume all workflows that are paused, or all of a definition.")
final class ResumeAllCommand extends BatchCommand {
  @Option(names = "--force", description = "Pass over warnings, never over errors.")
  private boolean force;

  @Override
  protected int run(ApiClient api, Output output) {
    return send(api, output, "resume", Map.of("force", force));
  }
}
