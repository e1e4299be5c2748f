package dev.holdfast.journal.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A store's files, for tests. */
final class StoreFiles {
  private StoreFiles() {}

  static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }

  /** The files as they are at this moment: what is left when the process is killed now. */
  static Path copy(Path folder) throws IOException {
    Path copy = Files.createTempDirectory("holdfast-killed");
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        // The shared memory is rebuilt from the log; a copy of it would claim to be in use.
        if (!file.toString().endsWith("-shm")) {
          Files.copy(file, copy.resolve(file.getFileName()));
        }
      }
    }
    return copy;
  }
}
