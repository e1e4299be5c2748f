package dev.holdfast.cli.definition;

import dev.holdfast.cli.ApiCommand;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code definition show}. */
@Command(name = "show", description = "Print a definition as it was registered.")
final class ShowDefinitionCommand extends ApiCommand {
  @Parameters(paramLabel = "NAME", description = "Its name.")
  private String name = "";

  @Option(names = "--version-number", paramLabel = "N", description = "Default: the newest.")
  private @Nullable Integer version;

  @Override
  protected int run(ApiClient api, Output output) {
    String query = version == null ? "" : "?version=" + version;
    Map<String, @Nullable Object> answer =
        api.get("/v1/definitions/" + ApiClient.escaped(name) + query);
    if (output.json()) {
      output.pretty(answer);
    } else {
      output.line(String.valueOf(answer.get("source")).stripTrailing());
    }
    return ExitCode.DONE;
  }
}
