package dev.holdfast.gateway.route;

import dev.holdfast.core.ExecutionState;
import dev.holdfast.gateway.json.Json;
import dev.holdfast.journal.ExecutionRow;
import tools.jackson.core.JsonGenerator;

/** Executions as a list has them and as a start answers. */
final class Summaries {
  private Summaries() {}

  static void write(JsonGenerator out, ExecutionState state) {
    var header = state.header();
    write(
        out,
        new ExecutionRow(
            state.key(),
            state.plan().name(),
            state.plan().version(),
            state.status(),
            header.session(),
            header.attributes(),
            header.priority(),
            header.startedAt(),
            state.updatedAt(),
            state.endedAt(),
            state.error() == null ? null : state.error().message()));
  }

  static void write(JsonGenerator out, ExecutionRow row) {
    out.writeStartObject();
    out.writeStringProperty("id", row.key().id());
    out.writeStringProperty("definition", row.definition());
    out.writeNumberProperty("version", row.version());
    out.writeStringProperty("tenant", row.key().tenant());
    out.writeStringProperty("status", row.status().name());
    Json.text(out, "session", row.session());
    Json.property(out, "attributes", row.attributes());
    out.writeNumberProperty("priority", row.priority());
    Json.text(out, "startedAt", row.startedAt());
    Json.text(out, "updatedAt", row.updatedAt());
    Json.text(out, "endedAt", row.endedAt());
    Json.text(out, "error", row.error());
    out.writeEndObject();
  }
}
