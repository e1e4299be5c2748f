package dev.holdfast.cli.schedule;

import dev.holdfast.api.ScheduleView;
import dev.holdfast.cli.ApiCommand;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.http.ApiException;
import dev.holdfast.cli.http.Json;
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

/** {@code schedule apply}. */
@Command(
    name = "apply",
    description = "Begin schedules, or make them what the files say; what is the same stays.")
final class ApplyScheduleCommand extends ApiCommand {
  /** The name is taken from the text only to address it; the node reads the text for real. */
  private static final Pattern NAME =
      Pattern.compile("(?m)^(?:\\{\\s*)?\\s{0,8}\"?name\"?\\s*:\\s*[\"']?([a-z0-9][a-z0-9-]*)");

  private static final int UNPROCESSABLE = 422;
  private static final int BAD_REQUEST = 400;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "YAML or JSON files, one schedule in each, with its name.")
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
        output.line(text(Json.as(answer, ScheduleView.class), output));
      }
    }
    if (output.json()) {
      output.pretty(applied.size() == 1 ? applied.getFirst() : applied);
    }
    return ExitCode.DONE;
  }

  private static String text(ScheduleView schedule, Output output) {
    String next =
        schedule.upcoming().isEmpty() ? "" : ", next " + output.ago(schedule.upcoming().getFirst());
    return "%s is %s, revision %d%s"
        .formatted(schedule.name(), schedule.status(), schedule.revision(), next);
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
    Matcher name = NAME.matcher(source);
    if (!name.find()) {
      throw usage(file + " has no name: add a line such as 'name: nightly'");
    }
    boolean json = source.stripLeading().startsWith("{");
    try {
      return api.put(
          "/v1/schedules/" + name.group(1), json ? "application/json" : "application/yaml", source);
    } catch (ApiException e) {
      if ((e.status() != UNPROCESSABLE && e.status() != BAD_REQUEST) || output.json()) {
        throw e;
      }
      output.remark("holdfast: " + file + ": " + e.headline());
      e.errors().forEach(error -> output.remark("  " + error));
      return null;
    }
  }
}
