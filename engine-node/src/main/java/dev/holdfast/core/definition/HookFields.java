package dev.holdfast.core.definition;

import dev.holdfast.core.Gates;
import dev.holdfast.core.Limits;
import dev.holdfast.core.Names;
import dev.holdfast.core.PlannedTask.Hook;
import dev.holdfast.core.PlannedTask.Join;
import dev.holdfast.core.PlannedTask.OnFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads tasks that stand beside the graph: they have an agent and attempts, and nothing else. */
final class HookFields {
  private static final Set<String> KNOWN =
      Set.of(
          "description", "agent", "requires", "input", "timeout", "heartbeat", "retry", "priority");

  private HookFields() {}

  /** A task beside the graph. */
  record HookDraft(Hook hook, TaskDraft task) {}

  /** Those of a definition. */
  static List<HookDraft> read(
      FieldSet root, TaskFields.Defaults defaults, List<TaskDraft> tasks, Problems problems) {
    var hooks = new ArrayList<HookDraft>();
    for (Hook hook : Hook.values()) {
      TaskDraft draft = read(root, hook.id(), hook.id(), defaults(hook, defaults), problems);
      if (draft != null) {
        hooks.add(new HookDraft(hook, draft));
        tasks.stream()
            .filter(task -> task.id().equals(hook.id()))
            .forEach(task ->
                problems.add(
                    task.path(),
                    task.key().line(),
                    task.key().column(),
                    "'%s' is the task that the definition has beside its 'tasks': give this one another id"
                        .formatted(hook.id())));
      }
    }
    return hooks;
  }

  /** What undoes a task; null: nothing does. */
  static @Nullable TaskDraft compensation(
      FieldSet task, TaskFields.Defaults defaults, Problems problems) {
    return read(task, "compensate", "compensate", defaults, problems);
  }

  private static TaskFields.Defaults defaults(Hook hook, TaskFields.Defaults defaults) {
    Duration timeout =
        switch (hook) {
          case SETUP, ON_PAUSE, ON_RESUME -> defaults.timeout();
          case TEARDOWN -> Limits.TEARDOWN_TIMEOUT;
        };
    return new TaskFields.Defaults(
        timeout, defaults.heartbeat(), defaults.retry(), defaults.priority());
  }

  /** The task in this field, under this id; null when there is none that could be read. */
  private static @Nullable TaskDraft read(
      FieldSet owner, String field, String id, TaskFields.Defaults defaults, Problems problems) {
    FieldSet fields = FieldSet.nested(owner, field, KNOWN, problems);
    SourceNode.Entry key = owner.entry(field);
    if (fields == null || key == null) {
      return null;
    }
    if (fields.has("description")) {
      fields.text("description", DefinitionCompiler.DESCRIPTION_CHARS_MAX);
    }
    if (!fields.has("agent")) {
      fields.problemHere("'" + field + "' needs an 'agent'");
    }
    String capability = fields.matching("agent", Names.CAPABILITY);
    TaskFields.Defaults attempts = defaults.with(fields, problems);
    return new TaskDraft(
        id,
        key,
        fields.path(),
        new TaskDraft.ToAgent(
            capability == null ? "" : capability, TaskFields.requires(fields, problems), 0),
        List.of(),
        Join.ANY,
        null,
        fields.value("input"),
        Map.of(),
        attempts.timeout(),
        attempts.heartbeat(),
        attempts.retry(),
        attempts.priority(),
        OnFailure.CONTINUE,
        Gates.NONE,
        null);
  }
}
