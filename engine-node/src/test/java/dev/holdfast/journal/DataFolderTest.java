package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir Path folder = Path.of("");

  @Test
  void secondOneOnTheFolderIsRefusedUntilTheFirstIsClosed() {
    Path path = folder.resolve("a/b");
    try (DataFolder first = DataFolder.open(path)) {
      assertThat(first.database().getParent()).isEqualTo(path);
      assertThatThrownBy(() -> DataFolder.open(path))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(path.toString())
          .hasMessageContaining("process " + ProcessHandle.current().pid());
    }
    DataFolder.open(path).close();
  }

  @Test
  void folderThatIsAFileIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> DataFolder.open(file))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(file.toString());
  }
}
