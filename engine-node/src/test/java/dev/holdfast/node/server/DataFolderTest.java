package dev.holdfast.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir Path temp;

  @Test
  void aFolderIsHeldByOneUntilItIsClosed() {
    Path path = temp.resolve("a/b");
    try (var held = DataFolder.take(path)) {
      assertThat(held.path()).isEqualTo(path);
      assertThatThrownBy(() -> DataFolder.take(path))
          .isInstanceOf(NodeStartException.class)
          .hasMessageContaining("in use by another node (process " + ProcessHandle.current().pid());
    }
    DataFolder.take(path).close();
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    assertThatThrownBy(() -> DataFolder.take(file.resolve("data")))
        .isInstanceOf(NodeStartException.class)
        .hasMessageContaining(file.toString());
  }
}
