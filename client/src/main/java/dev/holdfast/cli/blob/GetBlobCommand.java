package dev.holdfast.cli.blob;

import dev.holdfast.cli.ApiCommand;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code blob get}. */
@Command(name = "get", description = "Write what is kept to standard output, or to a file.")
final class GetBlobCommand extends ApiCommand {
  private static final String SCHEME = "sha256:";

  @Parameters(
      index = "0",
      paramLabel = "SHA256",
      description = "Of the content; sha256: before it is allowed.")
  private String hash = "";

  @Option(names = "--output", paramLabel = "FILE", description = "Where to write it.")
  private @Nullable Path file;

  @Override
  protected int run(ApiClient api, Output output) throws IOException {
    String plain = hash.startsWith(SCHEME) ? hash.substring(SCHEME.length()) : hash;
    try (InputStream content = api.download("/v1/blobs/" + ApiClient.escaped(plain))) {
      if (file == null) {
        content.transferTo(System.out);
        System.out.flush();
      } else {
        try (var out = Files.newOutputStream(file)) {
          content.transferTo(out);
        }
      }
    }
    return ExitCode.DONE;
  }
}
