package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code holdfast demo}, with stdout that is no terminal. */
class DemoIT {
  @TempDir Path folder;

  @Test
  void demoEndsWellAndSaysWhereItsHistoryIs() {
    Path data = folder.resolve("data");
    var demo = TestNode.launch(folder.resolve("log"), "demo", "--data", data.toString());
    var said = new StringBuilder();
    for (String line = demo.readLine(); !line.startsWith("kept"); line = demo.readLine()) {
      said.append(line).append('\n');
    }
    assertThat(demo.waitFor(Duration.ofSeconds(20))).as(demo.stderr()).isZero();
    assertThat(said).contains("COMPLETED").contains("history");
    assertThat(data).isNotEmptyDirectory();
  }
}
