package dev.holdfast.core.definition;

import dev.holdfast.core.Limits;
import dev.holdfast.core.Names;
import dev.holdfast.core.PlannedTask.Join;
import dev.holdfast.core.PlannedTask.OnFailure;
import dev.holdfast.core.RetryPolicy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the fields of one task. */
final class TaskFields {
  /** An id or a variable's name. */
  static final Pattern NAME = Names.ID;

  private static final Set<String> KNOWN =
      Set.of(
          "description",
          "agent",
          "workflow",
          "version",
          "onParentClose",
          "switch",
          "forEach",
          "concurrency",
          "maxItems",
          "spawn",
          "requires",
          "needs",
          "join",
          "when",
          "input",
          "set",
          "timeout",
          "heartbeat",
          "retry",
          "priority",
          "onFailure",
          "delay",
          "waitFor",
          "pauseBefore",
          "compensate");
  private static final Set<String> LATER = Set.of("sensitive");
  private static final Set<String> OF_ATTEMPTS =
      Set.of(
          "requires",
          "timeout",
          "heartbeat",
          "retry",
          "priority",
          "forEach",
          "concurrency",
          "maxItems",
          "spawn");
  private static final Set<String> NOT_ON_SWITCH =
      Stream.concat(
              OF_ATTEMPTS.stream(),
              Stream.of("input", "set", "delay", "waitFor", "pauseBefore", "compensate"))
          .collect(Collectors.toUnmodifiableSet());
  private static final Map<String, Join> JOINS = words(Join.values());
  private static final Map<String, OnFailure> ON_FAILURE = words(OnFailure.values());

  /**
   * What tasks have that don't say otherwise.
   *
   * @param heartbeat null: none is asked for
   * @param priority null: the execution's
   */
  record Defaults(
      Duration timeout,
      @Nullable Duration heartbeat,
      RetryPolicy retry,
      @Nullable Integer priority) {

    private static final Set<String> FIELDS = Set.of("timeout", "heartbeat", "retry", "priority");

    /** From {@code defaults}, which may be absent. */
    static Defaults read(FieldSet root, Problems problems) {
      FieldSet fields = FieldSet.nested(root, "defaults", FIELDS, problems);
      if (fields == null) {
        return new Defaults(Limits.TASK_TIMEOUT, null, RetryPolicy.DEFAULT, null);
      }
      return new Defaults(
          Objects.requireNonNullElse(fields.duration("timeout"), Limits.TASK_TIMEOUT),
          fields.duration("heartbeat"),
          RetryFields.read(fields, RetryPolicy.DEFAULT, problems),
          fields.integer("priority", 0, 9));
    }

    /** What this object says of its attempts, and these where it says nothing. */
    Defaults with(FieldSet fields, Problems problems) {
      Duration ownTimeout = fields.duration("timeout");
      Duration ownHeartbeat = fields.duration("heartbeat");
      Integer ownPriority = fields.integer("priority", 0, 9);
      return new Defaults(
          ownTimeout == null ? timeout : ownTimeout,
          ownHeartbeat == null ? heartbeat : ownHeartbeat,
          RetryFields.read(fields, retry, problems),
          ownPriority == null ? priority : ownPriority);
    }
  }

  private TaskFields() {}

  static TaskDraft read(
      SourceNode.Entry key, SourceNode.Mapping mapping, Defaults defaults, Problems problems) {
    String path = "tasks." + key.key();
    var fields = new FieldSet(mapping, path, key.line(), key.column(), KNOWN, LATER, problems);
    if (fields.has("description")) {
      fields.text("description", DefinitionCompiler.DESCRIPTION_CHARS_MAX);
    }
    Duration timeout = fields.duration("timeout");
    Duration heartbeat = fields.duration("heartbeat");
    Integer priority = fields.integer("priority", 0, 9);
    Join join = fields.word("join", JOINS);
    return new TaskDraft(
        key.key(),
        key,
        path,
        action(fields, problems),
        fields.texts("needs", "ids of tasks"),
        join == null ? Join.ANY : join,
        fields.value("when"),
        fields.value("input"),
        set(fields, problems),
        timeout == null ? timeoutByDefault(fields, defaults) : timeout,
        heartbeat == null ? defaults.heartbeat() : heartbeat,
        RetryFields.read(fields, defaults.retry(), problems),
        priority == null ? defaults.priority() : priority,
        onFailure(fields),
        GateFields.read(fields, problems),
        HookFields.compensation(fields, defaults, problems));
  }

  /** A child has a time-out of its own, so the task needs none. */
  private static Duration timeoutByDefault(FieldSet fields, Defaults defaults) {
    return fields.has("workflow") ? Limits.DURATION_MAX : defaults.timeout();
  }

  private static TaskDraft.Action action(FieldSet fields, Problems problems) {
    long kinds = List.of("agent", "workflow", "switch").stream().filter(fields::has).count();
    if (kinds == 0 && GateFields.any(fields)) {
      fields.misplaced(OF_ATTEMPTS, "has no meaning on a task without an agent");
      WorkflowFields.refuse(fields);
      return new TaskDraft.Unmanned();
    }
    if (kinds != 1) {
      fields.problemHere("a task needs exactly one of 'agent', 'workflow' and 'switch'");
    }
    if (fields.has("workflow")) {
      return WorkflowFields.read(fields);
    }
    WorkflowFields.refuse(fields);
    if (fields.has("switch")) {
      fields.misplaced(NOT_ON_SWITCH, "has no meaning on a switch");
      return new TaskDraft.Choice(SwitchFields.read(fields, problems));
    }
    String capability = fields.matching("agent", Names.CAPABILITY);
    Map<String, String> requires = requires(fields, problems);
    if (capability == null) {
      return new TaskDraft.Unknown();
    }
    var agent = new TaskDraft.ToAgent(capability, requires, spawnMax(fields, problems));
    return ForEachFields.read(fields, agent);
  }

  private static int spawnMax(FieldSet task, Problems problems) {
    FieldSet fields = FieldSet.nested(task, "spawn", Set.of("max"), problems);
    if (fields == null) {
      return 0;
    }
    if (!fields.has("max")) {
      fields.problemHere("'spawn' needs a 'max': how many tasks a result may add");
    }
    Integer max = fields.integer("max", 1, Limits.TASKS_MAX);
    return max == null ? 0 : max;
  }

  static Map<String, String> requires(FieldSet fields, Problems problems) {
    var mapping = fields.node("requires", SourceNode.Mapping.class, "an object of labels");
    if (mapping == null) {
      return Map.of();
    }
    var labels = new LinkedHashMap<String, String>();
    for (var entry : mapping.entries()) {
      String path = fields.pathOf("requires") + "." + entry.key();
      if (entry.key().isBlank() || entry.key().length() > Limits.LABEL_CHARS_MAX) {
        problems.add(
            path,
            entry.line(),
            entry.column(),
            "a label must have 1 to " + Limits.LABEL_CHARS_MAX + " characters");
      }
      if (!(entry.value() instanceof SourceNode.Scalar scalar)
          || scalar.value() == null
          || scalar.value().toString().length() > Limits.LABEL_CHARS_MAX) {
        problems.add(
            path,
            entry.value(),
            "a label's value must be text of at most " + Limits.LABEL_CHARS_MAX + " characters");
      } else if (labels.put(entry.key(), scalar.value().toString()) != null) {
        problems.add(path, entry.line(), entry.column(), "'" + entry.key() + "' is given twice");
      }
    }
    return Map.copyOf(labels);
  }

  private static Map<String, SourceNode> set(FieldSet fields, Problems problems) {
    var mapping = fields.node("set", SourceNode.Mapping.class, "an object of variables");
    if (mapping == null) {
      return Map.of();
    }
    var set = new LinkedHashMap<String, SourceNode>();
    for (var entry : mapping.entries()) {
      String path = fields.pathOf("set") + "." + entry.key();
      if (!NAME.matcher(entry.key()).matches()) {
        problems.add(path, entry.line(), entry.column(), "a variable's name must match " + NAME);
      } else if (set.put(entry.key(), entry.value()) != null) {
        problems.add(path, entry.line(), entry.column(), "'" + entry.key() + "' is given twice");
      }
    }
    return set;
  }

  private static OnFailure onFailure(FieldSet fields) {
    OnFailure onFailure = fields.word("onFailure", ON_FAILURE);
    return onFailure == null ? OnFailure.FAIL : onFailure;
  }

  static <T extends Enum<T>> Map<String, T> words(T[] values) {
    var words = new LinkedHashMap<String, T>();
    for (T value : values) {
      words.put(value.name().toLowerCase(Locale.ROOT), value);
    }
    return words;
  }
}
