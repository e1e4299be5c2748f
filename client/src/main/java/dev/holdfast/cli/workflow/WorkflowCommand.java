package dev.holdfast.cli.workflow;

import picocli.CommandLine.Command;

/** Groups what is done with executions. */
@Command(
    name = "workflow",
    description = "Look at workflows that were started, and control them.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ListWorkflowsCommand.class,
      ShowWorkflowCommand.class,
      WatchWorkflowCommand.class,
      PauseWorkflowCommand.class,
      ResumeWorkflowCommand.class,
      PauseAllCommand.class,
      ResumeAllCommand.class,
      CancelWorkflowCommand.class,
      RetryWorkflowCommand.class,
      RepairWorkflowCommand.class,
      ApproveTaskCommand.class,
      ListApprovalsCommand.class,
      SignalWorkflowCommand.class,
      HistoryCommand.class,
      StateCommand.class
    })
public final class WorkflowCommand {}
