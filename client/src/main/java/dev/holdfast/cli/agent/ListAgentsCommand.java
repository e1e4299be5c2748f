package dev.holdfast.cli.agent;

import dev.holdfast.api.AgentView;
import dev.holdfast.cli.ApiCommand;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import dev.holdfast.cli.output.Table;
import picocli.CommandLine.Command;

/** {@code agent list}. */
@Command(name = "list", description = "List the agents that are connected or were seen lately.")
final class ListAgentsCommand extends ApiCommand {
  @Override
  protected int run(ApiClient api, Output output) {
    output.list(
        api.get("/v1/agents"),
        AgentView.class,
        new Table("WORKER", "CAPABILITIES", "LABELS", "RUNNING", "SEEN"),
        (agent, table) ->
            table.row(
                agent.worker(),
                String.join(",", agent.capabilities()),
                agent.labels().isEmpty() ? "" : agent.labels(),
                agent.running(),
                agent.connected() ? "connected" : output.ago(agent.lastSeen())));
    return ExitCode.DONE;
  }
}
