package dev.holdfast.cli.agent;

import picocli.CommandLine.Command;

/** Groups what is done with agents. */
@Command(
    name = "agent",
    description = "Run agents and see who is there.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {RunAgentCommand.class, ListAgentsCommand.class})
public final class AgentCommand {}
