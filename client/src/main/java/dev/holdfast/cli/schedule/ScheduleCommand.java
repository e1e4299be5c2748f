package dev.holdfast.cli.schedule;

import picocli.CommandLine.Command;

/** Groups what is done with schedules. */
@Command(
    name = "schedule",
    description = "Begin workflows at the times that a cron expression names.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ApplyScheduleCommand.class,
      ListSchedulesCommand.class,
      ShowScheduleCommand.class,
      PauseScheduleCommand.class,
      ResumeScheduleCommand.class,
      DeleteScheduleCommand.class,
      ScheduleHistoryCommand.class
    })
public final class ScheduleCommand {}
