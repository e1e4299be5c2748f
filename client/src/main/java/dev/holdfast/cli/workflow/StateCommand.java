package dev.holdfast.cli.workflow;

import picocli.CommandLine.Command;

/** Groups what is done with kept state. */
@Command(
    name = "state",
    description = "Look at the state that is kept of workflows, and clean up.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ListStatesCommand.class, ShowStateCommand.class, CleanUpStatesCommand.class})
final class StateCommand {}
