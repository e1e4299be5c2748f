package dev.holdfast.cli.workflow;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code workflow repair}. */
@Command(
    name = "repair",
    description = "Let a workflow go on that stands still though nothing holds it up.")
final class RepairWorkflowCommand extends ExecutionCommand {
  @Override
  protected int run(ApiClient api, Output output) {
    Map<String, @Nullable Object> answer = api.post(path() + "/repair", Map.of());
    if (output.json()) {
      output.pretty(answer);
      return ExitCode.DONE;
    }
    boolean changed = Boolean.TRUE.equals(answer.get("changed"));
    List<?> rederived = answer.get("rederived") instanceof List<?> list ? list : List.of();
    output.line(
        id() + " is " + answer.get("status") + (changed ? ", and has gone on" : ", as before"));
    rederived.forEach(one -> output.line("made anew: " + one));
    if (Boolean.TRUE.equals(answer.get("stuck"))) {
      output.line("it still can't go on: cancel it, and report it with its history");
      return ExitCode.FAILED;
    }
    return ExitCode.DONE;
  }
}
