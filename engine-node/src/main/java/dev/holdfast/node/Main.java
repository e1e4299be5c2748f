package dev.holdfast.node;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.HoldfastCommand;
import dev.holdfast.journal.StoreException;
import dev.holdfast.node.bench.BenchCommand;
import dev.holdfast.node.bench.load.BenchWorkerCommand;
import dev.holdfast.node.config.ConfigurationException;
import dev.holdfast.node.demo.DemoCommand;
import dev.holdfast.node.server.NodeStartException;
import dev.holdfast.node.server.ServerCommand;
import dev.holdfast.node.server.TrainCommand;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;

/** The one main program: a node, and everything that is done with one from the command line. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine commandLine = HoldfastCommand.commandLine();
    IExecutionExceptionHandler ofCalls = commandLine.getExecutionExceptionHandler();
    return commandLine
        .addSubcommand(ServerCommand.class)
        .addSubcommand(DemoCommand.class)
        .addSubcommand(BenchCommand.class)
        .addSubcommand(BenchWorkerCommand.class)
        .addSubcommand(TrainCommand.class)
        .setExecutionExceptionHandler((e, failed, parsed) ->
            switch (e) {
              case ConfigurationException wrong -> complain(failed, wrong, ExitCode.USAGE);
              case NodeStartException refused -> complain(failed, refused, ExitCode.FAILED);
              case StoreException unusable -> complain(failed, unusable, ExitCode.FAILED);
              default -> ofCalls.handleExecutionException(e, failed, parsed);
            });
  }

  private static int complain(CommandLine failed, Exception e, int exitCode) {
    failed.getErr().println("holdfast: " + e.getMessage());
    return exitCode;
  }
}
