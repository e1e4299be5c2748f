package dev.holdfast.gateway.route;

import dev.holdfast.api.JsonConversion;
import dev.holdfast.api.OverlapPolicy;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.core.Limits;
import dev.holdfast.gateway.call.Call;
import dev.holdfast.gateway.json.Fields;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What a schedule is to do, as a body of JSON or YAML says it. */
final class ScheduleBody {
  private static final Set<String> FIELDS =
      Set.of(
          "name",
          "cron",
          "zone",
          "definition",
          "version",
          "input",
          "attributes",
          "session",
          "priority",
          "timeout",
          "overlap",
          "catchUp",
          "description");

  private static final int PRIORITY_MAX = 9;
  private static final int BODY_BYTES_MAX = 4 * Limits.SCHEDULE_INPUT_BYTES_MAX;
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(DeserializationFeature.USE_LONG_FOR_INTS).build();

  private ScheduleBody() {}

  /**
   * Reads it.
   *
   * @param name the schedule's, which the body may repeat
   * @throws ProblemException with every field that has no form of its own
   */
  static ScheduleSpec read(Call call, String name) {
    Fields fields = Fields.of(object(call), FIELDS);
    String own = fields.text("name");
    if (own != null && !own.equals(name)) {
      fields.fault("name", "is '%s', but it was sent as '%s'".formatted(own, name));
    }
    int version = fields.integer("version", 1, Integer.MAX_VALUE, 0);
    var spec =
        new ScheduleSpec(
            fields.required("cron"),
            Objects.requireNonNullElse(fields.text("zone"), ScheduleSpec.ZONE_DEFAULT),
            fields.required("definition"),
            version == 0 ? null : version,
            fields.value("input"),
            fields.labels("attributes"),
            fields.text("session"),
            fields.integer("priority", 0, PRIORITY_MAX, ScheduleSpec.PRIORITY_DEFAULT),
            fields.duration("timeout"),
            overlap(fields),
            catchUp(fields),
            fields.text("description"));
    fields.check();
    return spec;
  }

  private static OverlapPolicy overlap(Fields fields) {
    String text = fields.text("overlap");
    if (text == null) {
      return OverlapPolicy.SKIP;
    }
    for (OverlapPolicy policy : OverlapPolicy.values()) {
      if (policy.text().equals(text)) {
        return policy;
      }
    }
    fields.fault("overlap", "must be skip, queue or cancel-other");
    return OverlapPolicy.SKIP;
  }

  private static Duration catchUp(Fields fields) {
    return Objects.requireNonNullElse(fields.duration("catchUp"), ScheduleSpec.CATCH_UP_DEFAULT);
  }

  private static Map<String, @Nullable Object> object(Call call) {
    return switch (call.mediaType()) {
      case "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml" -> yaml(call);
      case "application/json" -> call.json();
      default -> throw Call.unsupported(call.mediaType(), "application/yaml or application/json");
    };
  }

  private static Map<String, @Nullable Object> yaml(Call call) {
    byte[] body = call.body(BODY_BYTES_MAX);
    try {
      var object = new LinkedHashMap<String, @Nullable Object>();
      if (JsonConversion.of(YAML.readTree(body)) instanceof Map<?, ?> map) {
        map.forEach((key, value) -> object.put(key.toString(), value));
        return object;
      }
    } catch (JacksonException | IllegalArgumentException e) {
      throw new ProblemException(
          ProblemKind.INVALID_REQUEST, "the body is no YAML: " + e.getMessage());
    }
    throw new ProblemException(ProblemKind.INVALID_REQUEST, "the body must be an object of fields");
  }
}
