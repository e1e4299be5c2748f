package dev.holdfast.cli.definition;

import picocli.CommandLine.Command;

/** Groups what is done with definitions. */
@Command(
    name = "definition",
    description = "Register and read workflow definitions.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ApplyDefinitionCommand.class,
      ListDefinitionsCommand.class,
      ShowDefinitionCommand.class
    })
public final class DefinitionCommand {}
