package dev.holdfast.gateway.route;

import dev.holdfast.core.Limits;
import dev.holdfast.gateway.call.Call;
import dev.holdfast.gateway.json.Json;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import dev.holdfast.grid.Definitions;
import dev.holdfast.grid.InvalidDefinitionException;
import dev.holdfast.journal.StoredDefinition;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JsonGenerator;

/** Registering, checking and reading definitions. */
public final class DefinitionRoutes {
  private static final String JSON = "application/json";
  private static final String YAML = "application/yaml";

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  private final Definitions definitions;

  public DefinitionRoutes(Definitions definitions) {
    this.definitions = definitions;
  }

  /** Adds the calls to the router. */
  public void addTo(RoutesConfig routes) {
    routes.put("/v1/definitions/{name}", this::register);
    routes.get("/v1/definitions", this::list);
    routes.post("/v1/definitions/validate", this::validate);
    routes.get("/v1/definitions/{name}", this::show);
  }

  private void register(Context http) {
    var call = new Call(http);
    String tenant = call.tenant();
    String mediaType = definitionType(call);
    Definitions.Registration done =
        definitions.register(tenant, name(http), mediaType, source(call));
    StoredDefinition definition = done.definition();
    call.answer(
        done.created() ? 201 : 200,
        Json.write(out -> {
          out.writeStartObject();
          head(out, definition);
          out.writeEndObject();
        }));
  }

  private void validate(Context http) {
    var call = new Call(http);
    List<Definitions.DefinitionError> errors =
        definitions.validate(definitionType(call), source(call));
    if (!errors.isEmpty()) {
      throw new InvalidDefinitionException(errors);
    }
    call.answer(200, Map.of("valid", true));
  }

  private void list(Context http) {
    var call = new Call(http);
    call.query();
    List<StoredDefinition> all = definitions.list(call.tenant());
    call.answer(
        200,
        Json.write(out -> {
          out.writeStartObject();
          out.writeArrayPropertyStart("items");
          for (StoredDefinition definition : all) {
            out.writeStartObject();
            head(out, definition);
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeEndObject();
        }));
  }

  private void show(Context http) {
    var call = new Call(http);
    String name = name(http);
    long asked = call.query("version").number("version", 1, Integer.MAX_VALUE, 0);
    Integer version = asked == 0 ? null : (int) asked;
    StoredDefinition definition =
        definitions
            .find(call.tenant(), name, version)
            .orElseThrow(() -> notFound(name, version == null ? "" : " in version " + version));
    call.answer(
        200,
        Json.write(out -> {
          out.writeStartObject();
          head(out, definition);
          out.writeStringProperty("source", definition.source());
          out.writeEndObject();
        }));
  }

  private static String name(Context http) {
    String name = http.pathParam("name");
    if (!NAME.matcher(name).matches()) {
      throw new ProblemException(
          ProblemKind.INVALID_REQUEST, "a definition's name must match " + NAME + ": " + name);
    }
    return name;
  }

  static ProblemException notFound(String name, String version) {
    return new ProblemException(
        ProblemKind.DEFINITION_NOT_FOUND, "no definition " + name + version + " is registered");
  }

  private static void head(JsonGenerator out, StoredDefinition definition) {
    out.writeStringProperty("name", definition.name());
    out.writeNumberProperty("version", definition.version());
    out.writeStringProperty("digest", definition.digest());
    out.writeStringProperty("mediaType", definition.mediaType());
    out.writeStringProperty("registeredAt", definition.registeredAt().toString());
  }

  private static String definitionType(Call call) {
    String type = call.mediaType();
    return switch (type) {
      case JSON -> JSON;
      case YAML, "application/x-yaml", "text/yaml", "text/x-yaml" -> YAML;
      default -> throw Call.unsupported(type, YAML + " or " + JSON);
    };
  }

  private static String source(Call call) {
    byte[] body = call.body(Limits.DEFINITION_BYTES_MAX);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new ProblemException(ProblemKind.INVALID_REQUEST, "the body is not UTF-8 text");
    }
  }
}
