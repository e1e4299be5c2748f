package dev.holdfast.grid.definition;

import com.hazelcast.core.HazelcastJsonValue;
import dev.holdfast.journal.StoredDefinition;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A definition as the grid's map holds it: JSON, which SQL and Management Center can look into. */
final class DefinitionJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private DefinitionJson() {}

  static HazelcastJsonValue write(StoredDefinition definition) {
    return new HazelcastJsonValue(
        MAPPER
            .createObjectNode()
            .put("tenant", definition.tenant())
            .put("name", definition.name())
            .put("version", definition.version())
            .put("digest", definition.digest())
            .put("mediaType", definition.mediaType())
            .put("registeredAt", definition.registeredAt().toString())
            .put("source", definition.source())
            .toString());
  }

  static StoredDefinition read(HazelcastJsonValue json) {
    JsonNode node = MAPPER.readTree(json.getValue());
    return new StoredDefinition(
        node.required("tenant").stringValue(),
        node.required("name").stringValue(),
        node.required("version").intValue(),
        node.required("digest").stringValue(),
        node.required("mediaType").stringValue(),
        node.required("source").stringValue(),
        Instant.parse(node.required("registeredAt").stringValue()));
  }
}
