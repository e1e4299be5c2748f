package dev.holdfast.journal.codec;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.DialectId;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import com.networknt.schema.path.NodePath;
import com.networknt.schema.regex.RegularExpression;
import dev.holdfast.core.SchemaCheck;
import dev.holdfast.core.definition.InvalidSchemaException;
import dev.holdfast.core.definition.InvalidSchemaException.Flaw;
import dev.holdfast.core.definition.SchemaFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compiles JSON Schemas of dialect 2020-12. Nothing is ever fetched: a {@code $ref} leads to a
 * place within the schema itself. {@code pattern} is matched by RE2, whose time is linear in the
 * text; it knows no look-around and no back-references.
 */
public final class SchemaCompiler implements SchemaFactory {
  private static final int VIOLATIONS_MAX = 20;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** Read when the first schema comes: a node's start does not wait for it. */
  private static final class MetaSchema {
    static final Schema INSTANCE =
        SchemaRegistry.withDialect(
                Dialects.getDraft202012(),
                builder ->
                    builder.schemaRegistryConfig(
                        SchemaRegistryConfig.builder().locale(Locale.ENGLISH).build()))
            .getSchema(SchemaLocation.of(DialectId.DRAFT_2020_12));

    /** Keywords that it does not know it passes over, without a warning in the node's log. */
    static final Dialect DIALECT =
        Dialect.builder(Dialects.getDraft202012())
            .unknownKeywordFactory((keyword, context) -> new NonValidationKeyword(keyword))
            .build();
  }

  @Override
  public SchemaCheck compile(@Nullable Object schema) {
    if (!(schema instanceof Map<?, ?>) && !(schema instanceof Boolean)) {
      throw new InvalidSchemaException(
          List.of(new Flaw(List.of(), "a schema is an object or a boolean")));
    }
    JsonNode node = MAPPER.valueToTree(schema);
    checkAgainstMetaSchema(node);
    checkDynamicReferences(node);
    var badPatterns = new ArrayList<Flaw>();
    try {
      Schema compiled = registry(node, badPatterns).getSchema(node);
      compiled.initializeValidators();
      if (!badPatterns.isEmpty()) {
        throw new InvalidSchemaException(badPatterns);
      }
      return value -> violations(compiled, value);
    } catch (SchemaException e) {
      String message = message(e);
      throw new InvalidSchemaException(
          List.of(new Flaw(SchemaPlaces.ofReferenceIn(node, message), message)));
    } catch (StackOverflowError e) {
      throw new InvalidSchemaException(
          List.of(new Flaw(List.of(), "its references lead round in a circle")));
    }
  }

  /** Alternatives of the meta-schema each have their say of the same place: one flaw then. */
  private static void checkAgainstMetaSchema(JsonNode schema) {
    var messages = new LinkedHashMap<List<String>, String>();
    for (Error error : MetaSchema.INSTANCE.validate(schema)) {
      messages.merge(
          path(error.getInstanceLocation()),
          error.getMessage(),
          (one, other) -> one + "; or " + other);
    }
    if (!messages.isEmpty()) {
      throw new InvalidSchemaException(
          messages.entrySet().stream()
              .map(entry -> new Flaw(entry.getKey(), entry.getValue()))
              .toList());
    }
  }

  /** The validator follows these only when it validates, which would be too late to refuse them. */
  private static void checkDynamicReferences(JsonNode schema) {
    List<String> outside = SchemaPlaces.ofDynamicReferenceOutside(schema);
    if (!outside.isEmpty()) {
      throw new InvalidSchemaException(
          List.of(new Flaw(outside, "a $dynamicRef has to lead to a place within the schema")));
    }
  }

  /** A fresh one each time, so that no schema can refer to another one's {@code $id}. */
  private static SchemaRegistry registry(JsonNode schema, List<Flaw> badPatterns) {
    var config =
        SchemaRegistryConfig.builder()
            .locale(Locale.ENGLISH)
            .preloadSchema(true)
            .regularExpressionFactory(regex -> linear(regex, schema, badPatterns))
            .build();
    return SchemaRegistry.withDialect(
        MetaSchema.DIALECT,
        builder ->
            builder
                .schemaRegistryConfig(config)
                .schemaLoader(loader -> loader.fetchRemoteResources(false).block(iri -> true)));
  }

  private static RegularExpression linear(String regex, JsonNode schema, List<Flaw> bad) {
    try {
      Pattern pattern = Pattern.compile(regex);
      return text -> pattern.matcher(text).find();
    } catch (PatternSyntaxException e) {
      // Thrown on, it would be logged by the validator as if it were the node's own trouble.
      bad.add(new Flaw(SchemaPlaces.ofPattern(schema, regex), message(e)));
      return text -> false;
    }
  }

  private static List<String> violations(Schema schema, @Nullable Object value) {
    try {
      return schema.validate(MAPPER.<JsonNode>valueToTree(value)).stream()
          .limit(VIOLATIONS_MAX)
          .map(SchemaCompiler::sentence)
          .toList();
    } catch (StackOverflowError e) {
      return List.of("the schema's references lead round in a circle");
    } catch (SchemaException e) {
      return List.of("the schema can't be applied: " + message(e));
    }
  }

  private static String sentence(Error error) {
    String path = String.join(".", path(error.getInstanceLocation()));
    return path.isEmpty() ? error.getMessage() : path + ": " + error.getMessage();
  }

  private static List<String> path(NodePath location) {
    var path = new ArrayList<String>();
    for (int i = 0; i < location.getNameCount(); i++) {
      path.add(location.getName(i));
    }
    return path;
  }

  private static String message(Exception e) {
    String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return text.lines().findFirst().orElse(text);
  }
}
