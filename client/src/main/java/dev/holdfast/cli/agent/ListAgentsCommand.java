package dev.holdfast.cli.agent;

import dev.holdfast.api.AgentView;
import dev.holdfast.cli.ApiCommand;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.output.Output;
import dev.holdfast.cli.output.Table;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code agent list}. */
@Command(name = "list", description = "List the agents that are connected or were seen lately.")
final class ListAgentsCommand extends ApiCommand {
  @Override
  protected int run(ApiClient api, Output output) {
    Map<String, @Nullable Object> answer = api.get("/v1/agents");
    if (output.json()) {
      output.pretty(answer);
      return ExitCode.DONE;
    }
    Table table = new Table("WORKER", "CAPABILITIES", "LABELS", "RUNNING", "SEEN");
    for (Map<String, @Nullable Object> item : ApiClient.items(answer)) {
      AgentView agent = Json.as(item, AgentView.class);
      table.row(
          agent.worker(),
          String.join(",", agent.capabilities()),
          agent.labels().isEmpty() ? "" : agent.labels(),
          agent.running(),
          agent.connected() ? "connected" : output.ago(agent.lastSeen()));
    }
    output.table(table);
    return ExitCode.DONE;
  }
}
