package dev.holdfast.cli.workflow;

import dev.holdfast.api.ExecutionView;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.output.Output;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code workflow state show}. */
@Command(name = "show", description = "Print the variables and outputs that are kept.")
final class ShowStateCommand extends ExecutionCommand {
  @Override
  protected int run(ApiClient api, Output output) {
    Map<String, @Nullable Object> answer = api.get(path());
    if (output.json()) {
      output.pretty(answer);
      return ExitCode.DONE;
    }
    ExecutionView execution = Json.as(answer, ExecutionView.class);
    output.field("id", execution.id());
    output.field("status", execution.status());
    output.field("seq", execution.seq());
    output.field("updated", output.ago(execution.updatedAt()));
    ExecutionView.Checkpoint checkpoint = execution.checkpoint();
    if (checkpoint != null) {
      output.field("checkpoint", "at seq " + checkpoint.seq() + ", " + output.ago(checkpoint.at()));
    }
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("input", execution.input());
    values.put("variables", execution.variables());
    Map<String, @Nullable Object> outputs = new LinkedHashMap<>();
    for (ExecutionView.Task task : execution.tasks()) {
      if (task.output() != null) {
        outputs.put(task.id(), task.output());
      }
    }
    values.put("outputs", outputs);
    output.pretty(values);
    return ExitCode.DONE;
  }
}
