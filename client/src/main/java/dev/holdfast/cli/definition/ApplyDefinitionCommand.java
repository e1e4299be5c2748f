package dev.holdfast.cli.definition;

import dev.holdfast.cli.ApiCommand;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.http.ApiException;
import dev.holdfast.cli.output.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code definition apply}. */
@Command(
    name = "apply",
    description = "Register definitions; what has not changed keeps its version.")
final class ApplyDefinitionCommand extends ApiCommand {
  /** The name is taken from the text only to address it; the node reads the text for real. */
  private static final Pattern NAME =
      Pattern.compile("(?m)^(?:\\{\\s*)?\\s{0,8}\"?name\"?\\s*:\\s*[\"']?([a-z0-9][a-z0-9-]*)");

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "YAML or JSON files.")
  private List<Path> files = List.of();

  @Override
  protected int run(ApiClient api, Output output) throws IOException {
    List<Map<String, @Nullable Object>> applied = new ArrayList<>();
    for (Path file : files) {
      Map<String, @Nullable Object> answer = apply(api, file, output);
      if (answer == null) {
        return ExitCode.FAILED;
      }
      applied.add(answer);
      if (!output.json()) {
        output.line(answer.get("name") + " version " + answer.get("version"));
      }
    }
    if (output.json()) {
      output.pretty(applied.size() == 1 ? applied.getFirst() : applied);
    }
    return ExitCode.DONE;
  }

  /**
   * @return null: it has errors, which have been printed
   */
  private @Nullable Map<String, @Nullable Object> apply(ApiClient api, Path file, Output output)
      throws IOException {
    String source;
    try {
      source = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw usage("there is no file " + file);
    }
    boolean json = source.stripLeading().startsWith("{");
    Matcher name = NAME.matcher(source);
    // Without a name the node has the better answer, with line and column.
    String path = "/v1/definitions/" + (name.find() ? name.group(1) : "unnamed");
    try {
      return api.put(path, json ? "application/json" : "application/yaml", source);
    } catch (ApiException e) {
      if (e.status() != 422 || output.json()) {
        throw e;
      }
      output.remark("holdfast: " + file + ": " + e.headline());
      e.errors().forEach(error -> output.remark("  " + file + ":" + error));
      return null;
    }
  }
}
