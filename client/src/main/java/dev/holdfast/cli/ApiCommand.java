package dev.holdfast.cli;

import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.output.Output;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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

  /**
   * The JSON value that an option gives: itself, or in {@code @FILE}, or for {@code @-} on standard
   * input.
   */
  protected final @Nullable Object jsonArgument(String option, String text) throws IOException {
    String json = text;
    if (text.equals("@-")) {
      json = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    } else if (text.startsWith("@")) {
      try {
        json = Files.readString(Path.of(text.substring(1)));
      } catch (NoSuchFileException e) {
        throw usage("there is no file " + text.substring(1));
      }
    }
    try {
      return Json.value(json);
    } catch (IllegalArgumentException e) {
      throw usage(option + " is " + e.getMessage());
    }
  }

  /** The command line is wrong. */
  protected final ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
