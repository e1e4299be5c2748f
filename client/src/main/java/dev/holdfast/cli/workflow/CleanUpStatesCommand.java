package dev.holdfast.cli.workflow;

import dev.holdfast.cli.ApiCommand;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code workflow state cleanup}. */
@Command(
    name = "cleanup",
    description = "Remove workflows that ended long ago; a line in the audit trail stays of each.")
final class CleanUpStatesCommand extends ApiCommand {
  @Option(
      names = "--retention-days",
      paramLabel = "N",
      defaultValue = "90",
      description = "Keep those that ended within the last N days. Default: 90.")
  private int retentionDays;

  @Option(names = "--dry-run", description = "Only say how many there are.")
  private boolean dryRun;

  @Override
  protected int run(ApiClient api, Output output) {
    if (retentionDays < 0) {
      throw usage("--retention-days must not be negative: " + retentionDays);
    }
    Map<String, @Nullable Object> answer =
        api.post("/v1/executions/purge", Map.of("retentionDays", retentionDays, "dryRun", dryRun));
    if (output.json()) {
      output.pretty(answer);
    } else {
      output.line(answer.get("purged") + (dryRun ? " would be removed" : " removed"));
    }
    return ExitCode.DONE;
  }
}
