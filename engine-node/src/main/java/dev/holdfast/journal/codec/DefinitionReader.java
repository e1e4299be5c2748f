package dev.holdfast.journal.codec;

import dev.holdfast.core.Limits;
import dev.holdfast.core.definition.DefinitionProblem;
import dev.holdfast.core.definition.SourceNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;
import tools.jackson.dataformat.yaml.YAMLReadFeature;
import tools.jackson.dataformat.yaml.YAMLSchema;

/**
 * Reads the text of a definition, YAML (1.2, core schema) or JSON, into a tree that knows where
 * each part was written. Anchors, aliases and tags are refused: with them a small text could stand
 * for a huge tree, and its places would be ambiguous.
 */
public final class DefinitionReader {
  /** Some levels more than allowed, so that what is too deep is told with its place. */
  private static final int NESTING_READ_MAX = Limits.DEFINITION_DEPTH_MAX + 16;

  private static final StreamReadConstraints CONSTRAINTS =
      StreamReadConstraints.builder()
          .maxNestingDepth(NESTING_READ_MAX)
          .maxStringLength(Limits.DEFINITION_BYTES_MAX)
          .maxNameLength(Limits.DEFINITION_BYTES_MAX)
          .maxNumberLength(1000)
          .build();
  private static final TokenStreamFactory JSON =
      JsonFactory.builder().streamReadConstraints(CONSTRAINTS).build();
  private static final TokenStreamFactory YAML =
      YAMLFactory.builder()
          .streamReadConstraints(CONSTRAINTS)
          .yamlSchema(YAMLSchema.CORE)
          .disable(YAMLReadFeature.PARSE_OCTAL_NUMBERS)
          .build();

  private final JsonParser parser;
  private final String[] lines;
  private final List<DefinitionProblem> problems = new ArrayList<>();

  private DefinitionReader(JsonParser parser, String text) {
    this.parser = parser;
    this.lines = text.split("\\R", -1);
  }

  /** What was read: a tree, or why there is none. */
  public sealed interface Result {}

  /** The whole text. */
  public record Read(SourceNode root) implements Result {}

  /** At least one problem. */
  public record Unreadable(List<DefinitionProblem> problems) implements Result {
    public Unreadable {
      problems = List.copyOf(problems);
    }
  }

  /**
   * Reads one document.
   *
   * @param mediaType {@code application/json} for JSON, anything else for YAML
   */
  public static Result read(String mediaType, String source) {
    if (source.length() > Limits.DEFINITION_BYTES_MAX
        || source.getBytes(StandardCharsets.UTF_8).length > Limits.DEFINITION_BYTES_MAX) {
      return unreadable(1, 1, "larger than " + Limits.DEFINITION_BYTES_MAX + " bytes");
    }
    String text = source.startsWith("\uFEFF") ? source.substring(1) : source;
    TokenStreamFactory factory = isJson(mediaType) ? JSON : YAML;
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
      return new DefinitionReader(parser, text).read();
    } catch (JacksonException e) {
      return SyntaxProblems.of(e);
    }
  }

  private static boolean isJson(String mediaType) {
    return mediaType.toLowerCase(Locale.ROOT).startsWith("application/json");
  }

  private Result read() {
    if (parser.nextToken() == null) {
      return unreadable(1, 1, "the definition is empty");
    }
    SourceNode root;
    try {
      root = node("", Limits.DEFINITION_DEPTH_MAX);
    } catch (StreamConstraintsException e) {
      if (problems.isEmpty()) {
        throw e;
      }
      // The parser gave up where it became far too deep, which has been reported by then.
      return new Unreadable(problems);
    }
    if (problems.isEmpty() && parser.nextToken() != null) {
      problem("", "a definition is one document, and here another one begins");
    }
    return problems.isEmpty() ? new Read(root) : new Unreadable(problems);
  }

  private static Unreadable unreadable(int line, int column, String message) {
    return new Unreadable(List.of(new DefinitionProblem("", line, column, message)));
  }

  private SourceNode node(String path, int depthLeft) {
    TokenStreamLocation at = parser.currentTokenLocation();
    if (parser instanceof YAMLParser yaml) {
      checkYaml(yaml, path);
    }
    JsonToken token = parser.currentToken();
    if ((token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) && depthLeft <= 0) {
      problem(path, "nested deeper than " + Limits.DEFINITION_DEPTH_MAX + " levels");
      parser.skipChildren();
      return new SourceNode.Scalar(null, at.getLineNr(), at.getColumnNr(), 0);
    }
    return switch (token) {
      case START_OBJECT -> mapping(path, at, depthLeft);
      case START_ARRAY -> sequence(path, at, depthLeft);
      default -> scalar(path, token, at);
    };
  }

  private void checkYaml(YAMLParser yaml, String path) {
    if (yaml.isCurrentAlias() || yaml.getObjectId() != null) {
      problem(path, "anchors (&) and aliases (*) are not supported: write the value out");
    }
    if (yaml.getTypeId() != null) {
      problem(path, "tags (!) are not supported");
    }
  }

  private SourceNode mapping(String path, TokenStreamLocation at, int depthLeft) {
    var entries = new ArrayList<SourceNode.Entry>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = parser.currentName();
      TokenStreamLocation keyAt = parser.currentTokenLocation();
      parser.nextToken();
      SourceNode value = node(path.isEmpty() ? key : path + "." + key, depthLeft - 1);
      entries.add(new SourceNode.Entry(key, keyAt.getLineNr(), keyAt.getColumnNr(), value));
    }
    return new SourceNode.Mapping(entries, at.getLineNr(), at.getColumnNr());
  }

  private SourceNode sequence(String path, TokenStreamLocation at, int depthLeft) {
    var items = new ArrayList<SourceNode>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(node(path + "[" + items.size() + "]", depthLeft - 1));
    }
    return new SourceNode.Sequence(items, at.getLineNr(), at.getColumnNr());
  }

  private SourceNode scalar(String path, JsonToken token, TokenStreamLocation at) {
    Object value =
        switch (token) {
          case VALUE_STRING -> parser.getString();
          case VALUE_TRUE -> true;
          case VALUE_FALSE -> false;
          case VALUE_NUMBER_INT -> integer(path);
          case VALUE_NUMBER_FLOAT -> decimal(path);
          case VALUE_NULL -> null;
          default -> {
            problem(path, "not a JSON value");
            yield null;
          }
        };
    int textColumn = value instanceof String text ? textColumn(text, at) : 0;
    return new SourceNode.Scalar(value, at.getLineNr(), at.getColumnNr(), textColumn);
  }

  private @Nullable Object integer(String path) {
    BigInteger number = parser.getBigIntegerValue();
    if (number.bitLength() > 63) {
      problem(path, "integer beyond 64 bits: write it as text");
      return null;
    }
    return number.longValue();
  }

  private @Nullable Object decimal(String path) {
    double number = parser.getDoubleValue();
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      problem(path, "JSON has no such number: write it as text");
      return null;
    }
    return number;
  }

  private int textColumn(String text, TokenStreamLocation at) {
    String line = at.getLineNr() <= lines.length ? lines[at.getLineNr() - 1] : "";
    int from = at.getColumnNr() - 1;
    if (from >= line.length()) {
      return 0;
    }
    int quote = line.charAt(from) == '"' || line.charAt(from) == '\'' ? 1 : 0;
    return line.startsWith(text, from + quote) ? from + quote + 1 : 0;
  }

  private void problem(String path, String message) {
    TokenStreamLocation at = parser.currentTokenLocation();
    problems.add(new DefinitionProblem(path, at.getLineNr(), at.getColumnNr(), message));
  }
}
