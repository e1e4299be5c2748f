package dev.holdfast.journal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The language as it is published, against the language as it is compiled. */
class PublishedSchemaTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final String YAML = "application/yaml";
  private static final String JSON = "application/json";

  @Test
  void theCopyInTheDocsIsTheSame() throws IOException {
    assertThat(Files.readString(ROOT.resolve("docs/definition.schema.json")))
        .isEqualTo(PublishedSchema.text());
  }

  @Test
  void everyFieldIsDescribed() {
    assertThat(undescribed("", PublishedSchema.tree())).isEmpty();
  }

  private static List<String> undescribed(String path, Map<?, ?> schema) {
    var found = new ArrayList<String>();
    schema.forEach((key, value) -> {
      if (key.equals("properties")
          && !path.endsWith("/then")
          && value instanceof Map<?, ?> fields) {
        fields.forEach((name, field) -> {
          if (field instanceof Map<?, ?> m
              && !m.containsKey("description")
              && !m.containsKey("$ref")) {
            found.add(path + "/" + name);
          }
        });
      }
      if (value instanceof Map<?, ?> nested) {
        found.addAll(undescribed(path + "/" + key, nested));
      }
    });
    return found;
  }

  static Stream<Arguments> goodDefinitions() throws IOException {
    try (var files = Files.list(ROOT.resolve("examples"));
        var pages = Files.list(ROOT.resolve("docs/guide"))) {
      var examples =
          files
              .filter(file -> file.toString().matches(".*\\.(yaml|json)"))
              .map(file ->
                  Arguments.of(
                      file.getFileName().toString(),
                      file.toString().endsWith("json") ? JSON : YAML,
                      text(file)))
              .toList();
      var snippets =
          pages
              .filter(page -> page.toString().endsWith(".md"))
              .flatMap(page ->
                  snippets(text(page)).stream()
                      .map(snippet -> Arguments.of(page.getFileName().toString(), YAML, snippet)))
              .toList();
      return Stream.concat(examples.stream(), snippets.stream());
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> snippets(String page) {
    var snippets = new ArrayList<String>();
    int from = 0;
    while ((from = page.indexOf("```yaml\n", from)) >= 0) {
      int begin = from + "```yaml\n".length();
      int end = page.indexOf("```", begin);
      snippets.add(page.substring(begin, end));
      from = end + 3;
    }
    return snippets;
  }

  @Test
  void theGuideHasSnippets() throws IOException {
    assertThat(snippets(text(ROOT.resolve("docs/guide/definitions.md")))).hasSizeGreaterThan(5);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("goodDefinitions")
  void whatTheDocsShowCompilesAndFitsTheSchema(String name, String mediaType, String text) {
    assertThat(DefinitionTexts.problems(mediaType, text)).isEmpty();
    assertThat(PublishedSchema.violations(mediaType, text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{name: N, tasks: {a: {agent: x}}}",
        "{name: n}",
        "{name: n, tasks: {}}",
        "{name: n, tasks: []}",
        "{name: n, tasks: {a-b: {agent: x}}}",
        "{name: n, tasks: {a: {}}}",
        "{name: n, tasks: {a: x}}",
        "{name: n, timout: 1h, tasks: {a: {agent: x}}}",
        "{name: n, timeout: 1y, tasks: {a: {agent: x}}}",
        "{name: n, timeout: 60, tasks: {a: {agent: x}}}",
        "{name: n, input: [], tasks: {a: {agent: x}}}",
        "{name: n, variables: {a b: 1}, tasks: {a: {agent: x}}}",
        "{name: n, defaults: {agent: x}, tasks: {a: {agent: x}}}",
        "{name: n, setup: {input: {}}, tasks: {a: {agent: x}}}",
        "{name: n, teardown: x, tasks: {a: {agent: x}}}",
        "{name: n, teardown: {agent: x, needs: [a]}, tasks: {a: {agent: x}}}",
        "{name: n, setup: {agent: x}, tasks: {setup: {agent: x}}}",
        "{name: n, teardown: {agent: x}, tasks: {teardown: {agent: x}}}",
        "{name: n, onPause: {}, tasks: {a: {agent: x}}}",
        "{name: n, onPause: {agent: x}, tasks: {onPause: {agent: x}}}",
        "{name: n, onResume: {agent: x}, tasks: {onResume: {agent: x}}}",
        "{name: n, sensitive: [input], tasks: {a: {agent: x}}}",
        "{name: n, tasks: {a: {agent: 'a b'}}}",
        "{name: n, tasks: {a: {agent: x, switch: [{otherwise: true, then: []}]}}}",
        "{name: n, tasks: {a: {agent: x, needs: a}}}",
        "{name: n, tasks: {a: {agent: x, needs: [b, b]}, b: {agent: x}}}",
        "{name: n, tasks: {a: {agent: x, priority: 10}}}",
        "{name: n, tasks: {a: {agent: x, join: some}}}",
        "{name: n, tasks: {a: {agent: x, onFailure: undo}}}",
        "{name: n, tasks: {a: {agent: x, compensate: {input: 1}}}}",
        "{name: n, tasks: {a: {agent: x, compensate: {agent: y, needs: []}}}}",
        "{name: n, tasks: {a: {switch: [{otherwise: true, then: []}], compensate: {agent: y}}}}",
        "{name: n, tasks: {a: {agent: x, when: yes}}}",
        "{name: n, tasks: {a: {agent: x, when: true}}}",
        "{name: n, tasks: {a: {agent: x, retry: {maxAttempts: 0}}}}",
        "{name: n, tasks: {a: {agent: x, retry: {factor: 0.5}}}}",
        "{name: n, tasks: {a: {agent: x, retry: {jitter: 2}}}}",
        "{name: n, tasks: {a: {agent: x, retry: {tries: 2}}}}",
        "{name: n, tasks: {a: {agent: x, set: {1a: 1}}}}",
        "{name: n, tasks: {a: {agent: x, requires: {l: []}}}}",
        "{name: n, tasks: {a: {agent: x, forEach: 3}}}",
        "{name: n, tasks: {a: {agent: x, forEach: {b: 1}}}}",
        "{name: n, tasks: {a: {agent: x, forEach: 'all of them'}}}",
        "{name: n, tasks: {a: {agent: x, forEach: '${input}', concurrency: 0}}}",
        "{name: n, tasks: {a: {agent: x, forEach: '${input}', maxItems: 1001}}}",
        "{name: n, tasks: {a: {agent: x, concurrency: 3}}}",
        "{name: n, tasks: {a: {agent: x, maxItems: 3}}}",
        "{name: n, tasks: {a: {switch: [{otherwise: true, then: []}], forEach: '${input}'}}}",
        "{name: n, tasks: {a: {workflow: X}}}",
        "{name: n, tasks: {a: {workflow: x, agent: y}}}",
        "{name: n, tasks: {a: {workflow: x, version: 0}}}",
        "{name: n, tasks: {a: {workflow: x, onParentClose: wait}}}",
        "{name: n, tasks: {a: {workflow: x, forEach: 3}}}",
        "{name: n, tasks: {a: {workflow: x, concurrency: 3}}}",
        "{name: n, tasks: {a: {workflow: x, maxItems: 3}}}",
        "{name: n, tasks: {a: {workflow: x, forEach: [], requires: {l: m}}}}",
        "{name: n, tasks: {a: {workflow: x, forEach: [], waitFor: {signal: a}}}}",
        "{name: n, tasks: {a: {workflow: x, heartbeat: 1s}}}",
        "{name: n, tasks: {a: {agent: x, version: 2}}}",
        "{name: n, tasks: {a: {agent: x, spawn: {max: 0}}}}",
        "{name: n, tasks: {a: {agent: x, spawn: {}}}}",
        "{name: n, tasks: {a: {agent: x, spawn: {max: 3, min: 1}}}}",
        "{name: n, tasks: {a: {agent: x, spawn: {max: 3}, forEach: '${input}'}}}",
        "{name: n, tasks: {a: {switch: [{otherwise: true, then: []}], spawn: {max: 3}}}}",
        "{name: n, tasks: {a: {agent: x, pauseBefore: 1}}}",
        "{name: n, tasks: {a: {agent: x, pauseBefore: {expires: soon}}}}",
        "{name: n, tasks: {a: {agent: x, pauseBefore: {approvers: []}}}}",
        "{name: n, tasks: {a: {agent: x, pauseBefore: {by: ann}}}}",
        "{name: n, tasks: {a: {pauseBefore: false}}}",
        "{name: n, tasks: {a: {agent: x, forEach: [], delay: 1h}}}",
        "{name: n, tasks: {a: {agent: x, delay: soon}}}",
        "{name: n, tasks: {a: {agent: x, waitFor: paid}}}",
        "{name: n, tasks: {a: {agent: x, waitFor: {timeout: 1h}}}}",
        "{name: n, tasks: {a: {agent: x, waitFor: {signal: 'a b'}}}}",
        "{name: n, tasks: {a: {waitFor: {signal: a}, retry: {}}}}",
        "{name: n, tasks: {a: {switch: [{otherwise: true, then: []}], delay: 1h}}}",
        "{name: n, tasks: {a: {pauseBefore: true, timeout: 1h}}}",
        "{name: n, tasks: {a: {switch: [{otherwise: true, then: []}], pauseBefore: true}}}",
        "{name: n, tasks: {a: {switch: []}}}",
        "{name: n, tasks: {a: {switch: [{then: []}]}}}",
        "{name: n, tasks: {a: {switch: [{otherwise: true}]}}}",
        "{name: n, tasks: {a: {switch: [{otherwise: false, then: []}]}}}",
        "{name: n, tasks: {a: {switch: [{when: '${true}', otherwise: true, then: []}]}}}",
        "{name: n, tasks: {a: {switch: [{otherwise: true, then: []}], timeout: 1h}}}",
      })
  void bothRefuse(String text) {
    assertThat(DefinitionTexts.problems(YAML, text)).as("compiler").isNotEmpty();
    assertThat(PublishedSchema.violations(YAML, text)).as("schema").isNotEmpty();
  }
}
