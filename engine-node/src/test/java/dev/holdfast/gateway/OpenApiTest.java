package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The answers themselves are held to the document by {@link Api}, in every test of the gateway. */
class OpenApiTest {
  @Test
  void theDocumentAndTheRoutesAreTheSame() {
    try (var node = new TestNode()) {
      assertThat(new OpenApiDocument().operations())
          .containsExactlyInAnyOrderElementsOf(node.gateway.routes());
      assertThat(node.api.get("/openapi.json").is(200).text("/openapi")).startsWith("3.1");
    }
  }
}
