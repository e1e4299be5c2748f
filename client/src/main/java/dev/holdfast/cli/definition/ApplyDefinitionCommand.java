package dev.holdfast.cli.definition;

import dev.holdfast.cli.ApplyCommand;
import dev.holdfast.cli.output.Output;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code definition apply}. */
@Command(
    name = "apply",
    description = "Register definitions; what has not changed keeps its version.")
final class ApplyDefinitionCommand extends ApplyCommand {
  private static final int UNPROCESSABLE = 422;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "YAML or JSON files.")
  private List<Path> files = List.of();

  @Override
  protected List<Path> files() {
    return files;
  }

  /** Without a name the node has the better answer, with line and column. */
  @Override
  protected String path(Path file, Optional<String> name) {
    return "/v1/definitions/" + name.orElse("unnamed");
  }

  @Override
  protected String line(Map<String, @Nullable Object> answer, Output output) {
    return answer.get("name") + " version " + answer.get("version");
  }

  @Override
  protected boolean isOfFile(int status) {
    return status == UNPROCESSABLE;
  }

  @Override
  protected String remark(Path file, Object error) {
    return file + ":" + error;
  }
}
