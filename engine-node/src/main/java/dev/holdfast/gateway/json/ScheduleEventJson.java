package dev.holdfast.gateway.json;

import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.core.ScheduleEvent;
import dev.holdfast.core.ScheduleEvent.PassedOver;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** The own fields of what happens to schedules. */
final class ScheduleEventJson {
  private ScheduleEventJson() {}

  static void write(JsonGenerator out, ScheduleEvent event) {
    switch (event) {
      case ScheduleEvent.ScheduleSet e -> {
        Json.text(out, "by", e.by());
        Json.property(out, "spec", spec(e.spec()));
        Json.text(out, "due", e.due());
      }
      case ScheduleEvent.ScheduleSwitched e -> {
        Json.text(out, "by", e.by());
        Json.text(out, "to", e.to());
        Json.text(out, "reason", e.reason());
        Json.text(out, "commandId", e.commandId());
      }
      case ScheduleEvent.TimesCame e -> {
        Json.property(out, "wanted", times(e.wanted()));
        Json.property(
            out, "passedOver", e.passedOver().stream().map(ScheduleEventJson::passedOver).toList());
        Json.text(out, "cancelled", e.unwanted());
        Json.text(out, "due", e.due());
      }
      case ScheduleEvent.FiringBegan e -> {
        out.writeNumberProperty("number", e.number());
        Json.text(out, "scheduledAt", e.scheduledAt());
        Json.text(out, "execution", e.execution());
        Json.text(out, "definition", e.definition());
        out.writeNumberProperty("version", e.version());
      }
      case ScheduleEvent.FiringEnded e -> {
        out.writeNumberProperty("number", e.number());
        Json.text(out, "outcome", e.outcome());
        if (e.error() != null) {
          EventJson.error(out, e.error());
        }
      }
    }
  }

  private static List<String> times(List<Instant> times) {
    return times.stream().map(Instant::toString).toList();
  }

  private static Map<String, Object> passedOver(PassedOver times) {
    var json = new LinkedHashMap<String, Object>();
    json.put("first", times.first().toString());
    json.put("last", times.last().toString());
    json.put("count", (long) times.count());
    json.put("why", times.why().name());
    return json;
  }

  private static Map<String, @Nullable Object> spec(ScheduleSpec spec) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("cron", spec.cron());
    json.put("zone", spec.zone());
    json.put("definition", spec.definition());
    json.put("version", spec.version() == null ? null : (long) spec.version());
    json.put("input", spec.input());
    json.put("attributes", spec.attributes());
    json.put("session", spec.session());
    json.put("priority", (long) spec.priority());
    json.put("timeoutMs", spec.timeout() == null ? null : spec.timeout().toMillis());
    json.put("overlap", spec.overlap().text());
    json.put("catchUpMs", spec.catchUp().toMillis());
    json.put("description", spec.description());
    return json;
  }
}
