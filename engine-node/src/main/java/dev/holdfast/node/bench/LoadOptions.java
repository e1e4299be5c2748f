package dev.holdfast.node.bench;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What runs meanwhile: the options of the benches in which members come and go. */
final class LoadOptions {
  /** Tasks of each workflow, one after the other. */
  static final int TASKS = 3;

  /** Bytes of the input and of each output. */
  static final int PAYLOAD_BYTES = 200;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "60",
      description = "Workflows of three tasks under way at once (${DEFAULT-VALUE}).")
  private int concurrency;

  @Option(
      names = "--task-ms",
      paramLabel = "N",
      defaultValue = "50",
      description = "How long each handler waits, in milliseconds (${DEFAULT-VALUE}).")
  private int taskMillis;

  int concurrency() {
    return concurrency;
  }

  int taskMillis() {
    return taskMillis;
  }

  /**
   * @throws ParameterException for a value out of range
   */
  void check(CommandSpec spec) {
    if (concurrency < 1) {
      throw new ParameterException(spec.commandLine(), "--concurrency must be 1 or more");
    }
    if (taskMillis < 0 || taskMillis > 60_000) {
      throw new ParameterException(spec.commandLine(), "--task-ms must be 0 to 60000");
    }
  }
}
