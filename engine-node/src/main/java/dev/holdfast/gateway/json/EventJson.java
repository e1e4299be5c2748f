package dev.holdfast.gateway.json;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.SpawnedTask;
import dev.holdfast.api.TaskError;
import dev.holdfast.core.Event;
import dev.holdfast.core.ParentLink;
import dev.holdfast.core.ScheduleEvent;
import dev.holdfast.journal.HistoryItem;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Events as the API shows them: the envelope {@code seq, at, type, by, epoch, hash} and the event's
 * own fields. The random part of a task's token is never among them.
 */
public final class EventJson {
  private EventJson() {}

  /** The {@code type} of an event: its record's name, such as {@code TaskCompleted}. */
  public static String type(Event event) {
    return event.getClass().getSimpleName();
  }

  /** Writes one event. {@code key}: named with it where events of several executions mix. */
  public static void write(JsonGenerator out, @Nullable ExecutionKey key, HistoryItem item) {
    out.writeStartObject();
    if (key != null) {
      out.writeStringProperty("execution", key.id());
    }
    out.writeNumberProperty("seq", item.seq());
    out.writeStringProperty("at", item.at().toString());
    out.writeStringProperty("type", type(item.event()));
    fields(out, item.event());
    out.writeNumberProperty("epoch", item.epoch());
    out.writeStringProperty("hash", HexFormat.of().formatHex(item.hash()));
    out.writeEndObject();
  }

  private static void fields(JsonGenerator out, Event event) {
    switch (event) {
      case Event.ExecutionStarted e -> started(out, e);
      case Event.TaskReadied e -> {
        Json.text(out, "task", e.task());
        Json.property(out, "input", e.input());
      }
      case Event.TaskStarted e -> {
        attempt(out, e.task(), e.attempt());
        Json.text(out, "worker", e.worker());
        Json.text(out, "deadline", e.deadline());
      }
      case Event.ChildStarted e -> {
        attempt(out, e.task(), e.attempt());
        Json.text(out, "child", e.child());
        Json.text(out, "definition", e.definition());
        out.writeNumberProperty("version", e.version());
        Json.text(out, "deadline", e.deadline());
      }
      case Event.ChildPaused e -> attempt(out, e.task(), e.attempt());
      case Event.TaskCompleted e -> {
        attempt(out, e.task(), e.attempt());
        Json.property(out, "output", e.output());
      }
      case Event.VariablesSet e -> {
        Json.text(out, "task", e.task());
        Json.property(out, "values", e.values());
      }
      case Event.AttemptFailed e -> {
        attempt(out, e.task(), e.attempt());
        Json.text(out, "outcome", word(e.outcome()));
        error(out, e.error());
      }
      case Event.TaskRetryScheduled e -> {
        Json.text(out, "task", e.task());
        Json.text(out, "retryAt", e.retryAt());
      }
      case Event.TaskRequeued e -> Json.text(out, "task", e.task());
      case Event.TaskFailed e -> {
        Json.text(out, "task", e.task());
        error(out, e.error());
      }
      case Event.TaskSkipped e -> {
        Json.text(out, "task", e.task());
        Json.text(out, "reason", e.reason());
      }
      case Event.TaskCancelled e -> Json.text(out, "task", e.task());
      case Event.DecisionTaken e -> {
        Json.text(out, "task", e.task());
        out.writeNumberProperty("case", e.chosenCase());
        Json.text(out, "when", e.when());
        Json.property(out, "then", e.then());
        Json.property(out, "values", e.values());
      }
      case Event.TaskExpanded e -> {
        Json.text(out, "task", e.task());
        Json.property(out, "items", e.items());
      }
      case Event.TaskGathered e -> Json.text(out, "task", e.task());
      case Event.TasksSpawned e -> {
        Json.text(out, "task", e.task());
        Json.property(out, "spawned", spawned(e.tasks()));
      }
      case Event.PauseRequested e -> {
        Json.text(out, "by", e.by());
        Json.text(out, "mode", word(e.mode()));
        Json.text(out, "reason", e.reason());
        out.writeNumberProperty("remainingMs", e.remaining().toMillis());
        Json.text(out, "autoResumeAt", e.autoResumeAt());
        Json.text(out, "commandId", e.commandId());
      }
      case Event.ExecutionResumed e -> {
        Json.text(out, "by", e.by());
        Json.text(out, "reason", e.reason());
        out.writeBooleanProperty("force", e.force());
        Json.text(out, "deadline", e.deadline());
        Json.text(out, "commandId", e.commandId());
      }
      case Event.CancelRequested e -> {
        Json.text(out, "by", e.by());
        Json.text(out, "reason", e.reason());
        Json.text(out, "commandId", e.commandId());
      }
      case Event.ExecutionRetried e -> {
        Json.text(out, "by", e.by());
        Json.property(out, "tasks", e.tasks());
        Json.text(out, "deadline", e.deadline());
        Json.text(out, "commandId", e.commandId());
      }
      case Event.TaskDelayed e -> {
        Json.text(out, "task", e.task());
        Json.text(out, "until", e.until());
      }
      case Event.SignalAwaited e -> {
        Json.text(out, "task", e.task());
        Json.text(out, "signal", e.signal());
        Json.text(out, "until", e.until());
      }
      case Event.SignalReceived e -> {
        Json.text(out, "by", e.by());
        Json.text(out, "signal", e.signal());
        Json.text(out, "id", e.id());
        Json.property(out, "payload", e.payload());
      }
      case Event.SignalTaken e -> {
        Json.text(out, "task", e.task());
        Json.text(out, "signal", e.signal());
        Json.text(out, "id", e.id());
      }
      case Event.ApprovalRequested e -> {
        Json.text(out, "task", e.task());
        Json.property(out, "input", e.input());
        Json.text(out, "until", e.until());
      }
      case Event.ApprovalDecided e -> {
        Json.text(out, "by", e.by());
        Json.text(out, "task", e.task());
        out.writeBooleanProperty("approved", e.approved());
        Json.text(out, "reason", e.reason());
        Json.property(out, "output", e.output());
        Json.text(out, "commandId", e.commandId());
      }
      case Event.TaskPassed e -> {
        Json.text(out, "task", e.task());
        Json.property(out, "output", e.output());
      }
      case Event.StateGrewLarge e -> {
        out.writeNumberProperty("bytes", e.bytes());
        out.writeNumberProperty("bytesMax", e.bytesMax());
      }
      case Event.SlotAwaited e -> {
        Json.text(out, "key", e.key());
        out.writeNumberProperty("limit", e.limit());
        Json.text(out, "onLimit", e.onLimit().text());
      }
      case Event.SlotGranted e -> Json.text(out, "deadline", e.deadline());
      case Event.HookBegan e -> Json.text(out, "task", e.task());
      case Event.CompensationBegan e -> {
        Json.property(out, "tasks", e.tasks());
        error(out, e.error());
        Json.text(out, "deadline", e.deadline());
      }
      case Event.TeardownBegan e -> {
        Json.text(out, "outcome", e.outcome().name());
        Json.property(out, "output", e.output());
        if (e.error() != null) {
          error(out, e.error());
        }
        Json.text(out, "until", e.until());
      }
      case Event.ExecutionCompleted e -> Json.property(out, "output", e.output());
      case Event.ExecutionFailed e -> error(out, e.error());
      case Event.ExecutionPaused ignored -> {}
      case Event.ExecutionCancelled ignored -> {}
      case Event.ExecutionTimedOut ignored -> {}
      case ScheduleEvent e -> ScheduleEventJson.write(out, e);
    }
  }

  private static List<Map<String, @Nullable Object>> spawned(List<SpawnedTask> tasks) {
    var spawned = new ArrayList<Map<String, @Nullable Object>>();
    for (SpawnedTask task : tasks) {
      var json = new LinkedHashMap<String, @Nullable Object>();
      json.put("id", task.id());
      json.put("agent", task.agent());
      json.put("input", task.input());
      json.put("needs", task.needs());
      spawned.add(json);
    }
    return spawned;
  }

  private static void started(JsonGenerator out, Event.ExecutionStarted e) {
    Json.text(out, "by", e.by());
    Json.text(out, "definition", e.definition());
    out.writeNumberProperty("version", e.version());
    Json.property(out, "input", e.input());
    Json.property(out, "variables", e.variables());
    Json.property(out, "attributes", e.attributes());
    Json.text(out, "session", e.session());
    out.writeNumberProperty("priority", e.priority());
    Json.text(out, "deadline", e.deadline());
    ParentLink parent = e.parent();
    if (parent != null && parent.isOfSchedule()) {
      Json.text(out, "schedule", ExecutionKey.scheduleOf(parent.execution()));
      Json.text(out, "scheduledAt", parent.scheduledAt());
    } else if (parent != null) {
      out.writeObjectPropertyStart("parent");
      Json.text(out, "id", parent.execution());
      attempt(out, parent.task(), parent.attempt());
      out.writeEndObject();
    }
  }

  private static void attempt(JsonGenerator out, String task, int attempt) {
    out.writeStringProperty("task", task);
    out.writeNumberProperty("attempt", attempt);
  }

  static void error(JsonGenerator out, TaskError error) {
    out.writeObjectPropertyStart("error");
    Json.text(out, "type", error.type());
    Json.text(out, "message", error.message());
    if (error.details() != null) {
      Json.property(out, "details", error.details());
    }
    out.writeEndObject();
  }

  /** An enum's name as it is written in JSON: {@code timed-out}. */
  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
