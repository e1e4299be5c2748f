package dev.holdfast.testkit.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the page has people copy is what is tested here. */
class GuidePageTest {
  @Test
  void thePagesExampleIsRefundTest() throws IOException {
    String source =
        Files.readString(
            Path.of(
                "src", "test", "java", "dev", "holdfast", "testkit", "guide", "RefundTest.java"));
    String shown = source.substring(source.indexOf("import static"));
    assertThat(Files.readString(Path.of("..", "docs", "guide", "testing.md"))).contains(shown);
  }
}
