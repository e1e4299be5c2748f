package dev.holdfast.cli.workflow;

import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code workflow pause-all}. */
@Command(
    name = "pause-all",
    description = "Pause all workflows that are running, or all of a definition.")
final class PauseAllCommand extends BatchCommand {
  @Option(names = "--immediate", description = "Take running tasks back at once.")
  private boolean immediate;

  @Option(
      names = "--auto-resume-after",
      paramLabel = "TIME",
      description = "Go on by itself after so long, such as 48h. Default: 24h.")
  private @Nullable String autoResumeAfter;

  @Override
  protected int run(ApiClient api, Output output) {
    var fields = new HashMap<String, Object>();
    fields.put("mode", immediate ? "immediate" : "graceful");
    if (autoResumeAfter != null) {
      fields.put("autoResumeAfter", autoResumeAfter);
    }
    return send(api, output, "pause", fields);
  }
}
