package dev.holdfast.cli.blob;

import dev.holdfast.cli.ApiCommand;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code blob put}. */
@Command(name = "put", description = "Keep a file; prints the reference that inputs name it by.")
final class PutBlobCommand extends ApiCommand {
  private static final String UNKNOWN_TYPE = "application/octet-stream";

  @Parameters(index = "0", paramLabel = "FILE", description = "What to keep.")
  private Path file = Path.of("");

  @Option(
      names = "--media-type",
      paramLabel = "TYPE",
      description = "Such as text/csv. Default: by the file's name.")
  private @Nullable String mediaType;

  @Override
  protected int run(ApiClient api, Output output) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw usage("there is no file " + file);
    }
    String type = mediaType != null ? mediaType : Files.probeContentType(file);
    Map<String, @Nullable Object> kept =
        api.upload("/v1/blobs", Objects.requireNonNullElse(type, UNKNOWN_TYPE), file);
    output.pretty(kept);
    return ExitCode.DONE;
  }
}
