package dev.holdfast.cli.workflow;

import dev.holdfast.api.BatchResult;
import dev.holdfast.cli.ApiCommand;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.output.Output;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command to all workflows, or all of a definition. */
abstract class BatchCommand extends ApiCommand {
  @Option(
      names = "--definition",
      paramLabel = "NAME",
      description = "Those of this definition alone. Default: all of the tenant.")
  private @Nullable String definition;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Kept in each history.")
  private @Nullable String reason;

  /** Posts the command with these fields; 1 when some of them failed. */
  final int send(ApiClient api, Output output, String verb, Map<String, @Nullable Object> further) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>(further);
    if (definition == null) {
      body.put("all", true);
    } else {
      body.put("definition", definition);
    }
    if (reason != null) {
      body.put("reason", reason);
    }
    Map<String, @Nullable Object> answer = api.post("/v1/executions/" + verb, body);
    BatchResult result = Json.as(answer, BatchResult.class);
    if (output.json()) {
      output.pretty(answer);
    } else {
      output.line(
          "%d matched, %d changed, %d unchanged, %d failed%s"
              .formatted(
                  result.matched(),
                  result.changed(),
                  result.unchanged(),
                  result.failed().size(),
                  result.more() ? "; there may be more: call it again" : ""));
      result.failed().forEach(one -> show(one, output));
    }
    return result.failed().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static void show(BatchResult.Failure failure, Output output) {
    output.line(failure.execution() + ": " + failure.code() + ": " + failure.message());
    failure
        .reasons()
        .forEach(reason -> output.line("  " + reason.severity().text() + ": " + reason.message()));
  }
}
