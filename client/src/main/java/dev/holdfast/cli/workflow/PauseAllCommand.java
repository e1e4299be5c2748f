package dev.holdfast.cli.workflow;

import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code workflow pause-all}. */
@Command(
    name = "pause-all",
    description = "Pause all workflows that are running, or all of a definition.")
final class PauseAllCommand extends BatchCommand {
  @Mixin private PauseOptions options;

  @Override
  protected int run(ApiClient api, Output output) {
    return send(api, output, "pause", options.fields());
  }
}
