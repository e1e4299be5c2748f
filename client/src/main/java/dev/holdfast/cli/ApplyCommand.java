package dev.holdfast.cli;

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
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A command that puts what YAML or JSON files say, each under the name that it gives. */
public abstract class ApplyCommand extends ApiCommand {
  /** The name is taken from the text only to address it; the node reads the text for real. */
  private static final Pattern NAME =
      Pattern.compile("(?m)^(?:\\{\\s*)?\\s{0,8}\"?name\"?\\s*:\\s*[\"']?([a-z0-9][a-z0-9-]*)");

  /** The files, in the order in which they are applied. */
  protected abstract List<Path> files();

  /**
   * Where the file goes.
   *
   * @param name that it gives; empty: none was found
   */
  protected abstract String path(Path file, Optional<String> name);

  /** What is printed of an answer. */
  protected abstract String line(Map<String, @Nullable Object> answer, Output output);

  /** Whether a refusal with this status is about what the file says. */
  protected abstract boolean isOfFile(int status);

  /** What is printed of an error in the file. */
  protected abstract String remark(Path file, Object error);

  @Override
  protected final int run(ApiClient api, Output output) throws IOException {
    List<Map<String, @Nullable Object>> applied = new ArrayList<>();
    for (Path file : files()) {
      Map<String, @Nullable Object> answer = apply(api, file, output);
      if (answer == null) {
        return ExitCode.FAILED;
      }
      applied.add(answer);
      if (!output.json()) {
        output.line(line(answer, output));
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
    Matcher name = NAME.matcher(source);
    String path = path(file, name.find() ? Optional.of(name.group(1)) : Optional.empty());
    boolean json = source.stripLeading().startsWith("{");
    try {
      return api.put(path, json ? "application/json" : "application/yaml", source);
    } catch (ApiException e) {
      if (!isOfFile(e.status()) || output.json()) {
        throw e;
      }
      output.remark("holdfast: " + file + ": " + e.headline());
      e.errors().forEach(error -> output.remark("  " + remark(file, error)));
      return null;
    }
  }
}
