package dev.holdfast.cli;

import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import dev.holdfast.cli.workflow.Watching;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code run}: starts an execution. */
@Command(name = "run", description = "Start a workflow.")
final class RunCommand extends ApiCommand {
  @Parameters(paramLabel = "NAME", description = "The definition's name.")
  private String name = "";

  @Option(
      names = "--input",
      paramLabel = "JSON|@FILE",
      description = "The input; @FILE reads it from a file, @- from standard input.")
  private @Nullable String input;

  @Option(names = "--id", description = "The execution's id. Default: one is made.")
  private @Nullable String id;

  @Option(names = "--version-number", paramLabel = "N", description = "Default: the newest.")
  private @Nullable Integer version;

  @Option(
      names = "--attribute",
      paramLabel = "K=V",
      description = "What it can be found by; may be repeated.")
  private Map<String, String> attributes = new LinkedHashMap<>();

  @Option(names = "--session", description = "Groups executions.")
  private @Nullable String session;

  @Option(names = "--priority", paramLabel = "0-9", description = "9 first. Default: 5.")
  private @Nullable Integer priority;

  @Option(names = "--timeout", paramLabel = "DURATION", description = "Such as 30m or 24h.")
  private @Nullable String timeout;

  @Option(names = "--watch", description = "Show its events until it has ended.")
  private boolean watch;

  @Override
  protected int run(ApiClient api, Output output) throws IOException {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("definition", name);
    put(body, "id", id);
    put(body, "version", version);
    put(body, "session", session);
    put(body, "priority", priority);
    put(body, "timeout", timeout);
    if (!attributes.isEmpty()) {
      body.put("attributes", attributes);
    }
    if (input != null) {
      body.put("input", jsonArgument("--input", input));
    }
    Map<String, @Nullable Object> started = api.post("/v1/executions", body);
    String execution = String.valueOf(started.get("id"));
    if (watch) {
      if (!output.json()) {
        output.line("started " + execution);
      }
      return new Watching(api, output).until(execution);
    }
    if (output.json()) {
      output.pretty(started);
    } else {
      output.line(execution);
    }
    return ExitCode.DONE;
  }

  private static void put(Map<String, @Nullable Object> body, String name, @Nullable Object value) {
    if (value != null) {
      body.put(name, value);
    }
  }
}
