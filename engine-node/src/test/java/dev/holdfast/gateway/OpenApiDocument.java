package dev.holdfast.gateway;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The published OpenAPI document, and what it says of an answer. */
final class OpenApiDocument {
  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final ObjectNode document;
  private final Map<Pattern, String> paths = new ConcurrentHashMap<>();
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  OpenApiDocument() {
    try (InputStream in =
        HttpGateway.class.getResourceAsStream("/dev/holdfast/gateway/openapi.json")) {
      document = (ObjectNode) MAPPER.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String path : document.get("paths").propertyNames()) {
      paths.put(Pattern.compile(path.replaceAll("\\{[a-z0-9]+}", "[^/]+")), path);
    }
  }

  /** Every operation, as {@code METHOD /path/{parameter}}. */
  List<String> operations() {
    var operations = new ArrayList<String>();
    document
        .get("paths")
        .forEachEntry((path, methods) ->
            methods
                .propertyNames()
                .forEach(method ->
                    operations.add(method.toUpperCase(java.util.Locale.ROOT) + ' ' + path)));
    return operations.stream().sorted().toList();
  }

  /** What is wrong with an answer; empty when it is as the document says. */
  List<String> violations(String method, String path, int status, String mediaType, String body) {
    JsonNode operation = operation(method, path);
    if (operation == null) {
      return status == 404 || status == 405 ? List.of() : List.of("no operation for " + path);
    }
    JsonNode response = operation.get("responses").get(Integer.toString(status));
    if (response == null) {
      return List.of(method + ' ' + path + " has no response " + status);
    }
    if (response.has("$ref")) {
      response = document.at(response.get("$ref").asString().substring(1));
    }
    JsonNode content = response.get("content");
    if (content == null) {
      return body.isEmpty() ? List.of() : List.of("a body where none is documented: " + body);
    }
    String bare = mediaType.replaceAll(";.*", "");
    if (content.has("*/*")) {
      return List.of();
    }
    if (!content.has(bare)) {
      return List.of(method + ' ' + path + ' ' + status + " has no content of type " + bare);
    }
    if (!bare.endsWith("json")) {
      return List.of();
    }
    JsonNode schema = content.get(bare).get("schema");
    return schemas
        .computeIfAbsent(schema.toString(), this::schema)
        .validate(MAPPER.readTree(body))
        .stream()
        .map(Error::toString)
        .toList();
  }

  private Schema schema(String text) {
    var schema = (ObjectNode) MAPPER.readTree(text);
    schema.set("components", document.get("components"));
    return registry.getSchema(schema);
  }

  private @Nullable JsonNode operation(String method, String path) {
    // A path without parameters goes before one that would match it as a parameter.
    JsonNode exact = document.get("paths").get(path);
    if (exact == null) {
      exact =
          paths.entrySet().stream()
              .filter(entry -> entry.getKey().matcher(path).matches())
              .map(entry -> document.get("paths").get(entry.getValue()))
              .findFirst()
              .orElse(null);
    }
    return exact == null ? null : exact.get(method.toLowerCase(java.util.Locale.ROOT));
  }
}
