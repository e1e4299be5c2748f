package dev.holdfast.node;

import dev.holdfast.journal.StoreException;
import dev.holdfast.node.bench.BenchCommand;
import dev.holdfast.node.bench.BenchWorkerCommand;
import dev.holdfast.node.config.ConfigurationException;
import dev.holdfast.node.demo.DemoCommand;
import dev.holdfast.node.server.NodeStartException;
import dev.holdfast.node.server.ServerCommand;
import dev.holdfast.node.server.TrainCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The one main program: a node, and everything that is done with one from the command line. */
@Command(
    name = "holdfast",
    description = "A durable workflow engine.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ServerCommand.class,
      DemoCommand.class,
      BenchCommand.class,
      BenchWorkerCommand.class,
      TrainCommand.class
    })
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  private static CommandLine commandLine() {
    var commandLine = new CommandLine(new Main());
    commandLine.setExecutionExceptionHandler((e, failed, parsed) ->
        switch (e) {
          case ConfigurationException wrong -> complain(failed, wrong, CommandLine.ExitCode.USAGE);
          case NodeStartException refused ->
              complain(failed, refused, CommandLine.ExitCode.SOFTWARE);
          case StoreException unusable -> complain(failed, unusable, CommandLine.ExitCode.SOFTWARE);
          default -> throw e;
        });
    return commandLine;
  }

  private static int complain(CommandLine failed, Exception e, int exitCode) {
    failed.getErr().println("holdfast: " + e.getMessage());
    return exitCode;
  }
}
