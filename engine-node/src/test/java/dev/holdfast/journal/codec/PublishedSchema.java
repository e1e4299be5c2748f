package dev.holdfast.journal.codec;

import dev.holdfast.core.SchemaCheck;
import dev.holdfast.core.definition.SourceNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The schema of definitions that a node serves, for tests. */
final class PublishedSchema {
  private static final String RESOURCE = "/dev/holdfast/schema/definition.json";
  private static final SchemaCheck CHECK = new SchemaCompiler().compile(tree());

  private PublishedSchema() {}

  static String text() {
    try (var in = PublishedSchema.class.getResourceAsStream(RESOURCE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<?, ?> tree() {
    return (Map<?, ?>) SourceNode.toJson(DefinitionTexts.tree("application/json", text()));
  }

  /** What of this definition doesn't fit it. */
  static List<String> violations(String mediaType, String definition) {
    return CHECK.violations(SourceNode.toJson(DefinitionTexts.tree(mediaType, definition)));
  }
}
