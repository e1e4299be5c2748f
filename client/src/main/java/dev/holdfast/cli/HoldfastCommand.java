package dev.holdfast.cli;

import dev.holdfast.cli.agent.AgentCommand;
import dev.holdfast.cli.blob.BlobCommand;
import dev.holdfast.cli.definition.DefinitionCommand;
import dev.holdfast.cli.schedule.ScheduleCommand;
import dev.holdfast.cli.workflow.WorkflowCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The root of the command line; a node adds what runs nodes. */
@Command(
    name = "holdfast",
    description = "Durable workflows: define, run, watch and control them.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DefinitionCommand.class,
      RunCommand.class,
      WorkflowCommand.class,
      ScheduleCommand.class,
      AgentCommand.class,
      BlobCommand.class,
      CompletionCommand.class
    },
    footer = {"", "Exit codes: 0 done, 1 failed, 2 usage, 3 not found, 4 conflict, 5 unreachable."})
public final class HoldfastCommand {
  /** The command line with everything that works over HTTP; further commands can be added. */
  public static CommandLine commandLine() {
    return new CommandLine(new HoldfastCommand())
        // --input @FILE is the option's own to read.
        .setExpandAtFiles(false)
        .setExecutionExceptionHandler(new Failures())
        .setCaseInsensitiveEnumValuesAllowed(true);
  }
}
