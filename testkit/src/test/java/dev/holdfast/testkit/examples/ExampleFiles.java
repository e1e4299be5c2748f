package dev.holdfast.testkit.examples;

import dev.holdfast.testkit.TestKit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The folder {@code examples/}. */
final class ExampleFiles {
  private static final Path FOLDER = Path.of("..", "examples");

  private ExampleFiles() {}

  /** All workflows in it, by their path within. */
  static List<String> workflows() throws IOException {
    try (var files = Files.walk(FOLDER)) {
      return files
          .map(file -> FOLDER.relativize(file).toString())
          .filter(file -> file.endsWith(".yaml"))
          .sorted()
          .toList();
    }
  }

  /** A kit that knows these. */
  static TestKit kit(String... files) {
    TestKit kit = TestKit.create();
    for (String file : files) {
      kit.register(FOLDER.resolve(file));
    }
    return kit;
  }
}
