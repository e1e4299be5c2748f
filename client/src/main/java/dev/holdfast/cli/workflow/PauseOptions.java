package dev.holdfast.cli.workflow;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a pause goes about. */
final class PauseOptions {
  @Option(names = "--immediate", description = "Take running tasks back at once.")
  private boolean immediate;

  @Option(
      names = "--auto-resume-after",
      paramLabel = "TIME",
      description = "Go on by itself after so long, such as 48h. Default: 24h.")
  private @Nullable String autoResumeAfter;

  /** What of a request's body it comes to. */
  Map<String, @Nullable Object> fields() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("mode", immediate ? "immediate" : "graceful");
    if (autoResumeAfter != null) {
      fields.put("autoResumeAfter", autoResumeAfter);
    }
    return fields;
  }
}
