package dev.holdfast.cli;

import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that calls a node. */
@Command(mixinStandardHelpOptions = true, versionProvider = Version.class)
public abstract class ApiCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ConnectionOptions connection;

  @Override
  public final Integer call() throws Exception {
    var commandLine = spec.commandLine();
    var output =
        new Output(commandLine.getOut(), commandLine.getErr(), Ansi.AUTO, connection.json());
    try (ApiClient api = connection.connect()) {
      return run(api, output);
    }
  }

  /**
   * Does it.
   *
   * @return the exit code, one of {@link ExitCode}
   * @throws Exception by {@link Failures}
   */
  protected abstract int run(ApiClient api, Output output) throws Exception;

  /** The command line is wrong. */
  protected final ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
