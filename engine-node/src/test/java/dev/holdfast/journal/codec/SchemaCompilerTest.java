package dev.holdfast.journal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.core.SchemaCheck;
import dev.holdfast.core.definition.InvalidSchemaException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SchemaCompilerTest {
  private static SchemaCheck compile(@Nullable Object schema) {
    return new SchemaCompiler().compile(schema);
  }

  @Test
  void whatFitsHasNoViolations() {
    SchemaCheck check =
        compile(
            Map.of(
                "type",
                "object",
                "required",
                List.of("file"),
                "properties",
                Map.of("file", Map.of("type", "string"))));
    assertThat(check.violations(Map.of("file", "a.pdf"))).isEmpty();
    assertThat(check.violations(Map.of())).singleElement().asString().contains("file");
    assertThat(check.violations(Map.of("file", 1L)))
        .singleElement()
        .asString()
        .startsWith("file: ")
        .contains("string");
    assertThat(check.violations(null)).isNotEmpty();
    assertThat(compile(true).violations(5L)).isEmpty();
    assertThat(compile(false).violations(5L)).isNotEmpty();
  }

  @Test
  void violationsAreLimitedInNumber() {
    SchemaCheck check = compile(Map.of("items", Map.of("type", "string")));
    assertThat(check.violations(java.util.Collections.nCopies(1000, 1L))).hasSize(20);
  }

  @Test
  void dialectIs202012() {
    assertThat(
            compile(Map.of("prefixItems", List.of(Map.of("type", "string"))))
                .violations(List.of(1L)))
        .isNotEmpty();
    assertThatThrownBy(() -> compile(Map.of("$schema", "http://json-schema.org/draft-07/schema#")))
        .isInstanceOf(InvalidSchemaException.class);
    compile(Map.of("$schema", "https://json-schema.org/draft/2020-12/schema"));
  }

  @Test
  void everyFlawHasItsPath() {
    assertThatThrownBy(
            () -> compile(Map.of("type", 5L, "properties", Map.of("a", Map.of("required", "b")))))
        .isInstanceOf(InvalidSchemaException.class)
        .extracting(e -> ((InvalidSchemaException) e).flaws())
        .asInstanceOf(InstanceOfAssertFactories.list(InvalidSchemaException.Flaw.class))
        .extracting(InvalidSchemaException.Flaw::path)
        .containsExactlyInAnyOrder(List.of("type"), List.of("properties", "a", "required"));
  }

  @Test
  void referencesWithinAreFollowed() {
    SchemaCheck check =
        compile(
            Map.of(
                "$defs",
                Map.of(
                    "node",
                    Map.of(
                        "type",
                        "object",
                        "properties",
                        Map.of("next", Map.of("$ref", "#/$defs/node")))),
                "$ref",
                "#/$defs/node"));
    assertThat(check.violations(Map.of("next", Map.of("next", Map.of())))).isEmpty();
    assertThat(check.violations(Map.of("next", Map.of("next", 1L)))).isNotEmpty();
    assertThatThrownBy(() -> compile(Map.of("not", Map.of("$ref", "#/$defs/nope"))))
        .isInstanceOf(InvalidSchemaException.class)
        .extracting(e -> ((InvalidSchemaException) e).flaws().getFirst().path())
        .isEqualTo(List.of("not", "$ref"));
  }

  @Test
  void nothingIsFetched() throws Exception {
    var asked = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/x.json";
      assertThatThrownBy(() -> compile(Map.of("$ref", url)))
          .isInstanceOf(InvalidSchemaException.class);
      assertThatThrownBy(() -> compile(Map.of("$id", url, "$ref", "other.json")))
          .isInstanceOf(InvalidSchemaException.class);
      assertThatThrownBy(
              () -> compile(Map.of("properties", Map.of("a", Map.of("$dynamicRef", url)))))
          .isInstanceOf(InvalidSchemaException.class);
      assertThatThrownBy(() -> compile(Map.of("$ref", "file:///etc/hostname")))
          .isInstanceOf(InvalidSchemaException.class);
      assertThat(asked).hasValue(0);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void patternsTakeLinearTime() {
    SchemaCheck check = compile(Map.of("pattern", "^(a+)+$"));
    assertThat(Duration.ofNanos(timed(() -> check.violations("a".repeat(50_000) + "b"))))
        .isLessThan(Duration.ofSeconds(5));
    assertThatThrownBy(
            () -> compile(Map.of("properties", Map.of("a", Map.of("pattern", "(?=a)b")))))
        .isInstanceOf(InvalidSchemaException.class)
        .extracting(e -> ((InvalidSchemaException) e).flaws().getFirst().path())
        .isEqualTo(List.of("properties", "a", "pattern"));
  }

  private static long timed(Runnable work) {
    long began = System.nanoTime();
    work.run();
    return System.nanoTime() - began;
  }

  @Test
  void circlesAreFoundOut() {
    var circle = Map.of("$ref", "#");
    try {
      assertThat(compile(circle).violations(1L)).singleElement().asString().contains("circle");
    } catch (InvalidSchemaException e) {
      assertThat(e.flaws().getFirst().message()).contains("circle");
    }
  }
}
