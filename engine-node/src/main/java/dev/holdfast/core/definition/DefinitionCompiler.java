package dev.holdfast.core.definition;

import dev.holdfast.api.JsonValues;
import dev.holdfast.core.ConcurrencyKey;
import dev.holdfast.core.Limits;
import dev.holdfast.core.Plan;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.Reserve;
import dev.holdfast.core.SchemaCheck;
import dev.holdfast.core.Template;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compiles a definition (CONTRACT §1), or says everything that is wrong with it at once. Pure. */
public final class DefinitionCompiler {
  /** A definition's name. */
  public static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  static final int DESCRIPTION_CHARS_MAX = 4000;

  private static final Set<String> KNOWN =
      Set.of(
          "name",
          "description",
          "timeout",
          "input",
          "output",
          "outputSchema",
          "variables",
          "defaults",
          "tasks",
          "setup",
          "teardown",
          "onPause",
          "onResume",
          "concurrencyKey");
  private static final Set<String> LATER = Set.of("sensitive");

  private final SchemaFactory schemas;
  private final Problems problems;

  private DefinitionCompiler(SchemaFactory schemas, Problems problems) {
    this.schemas = schemas;
    this.problems = problems;
  }

  /** A compiled definition, or what is wrong with it. */
  public sealed interface Result {}

  /** It is good. */
  public record Compiled(Plan plan) implements Result {}

  /** It is not: at least one problem, by place. */
  public record Refused(List<DefinitionProblem> problems) implements Result {
    public Refused {
      problems = List.copyOf(problems);
    }
  }

  /**
   * Compiles the definition.
   *
   * @param version what the plan is to say of itself
   */
  public static Result compile(SourceNode root, int version, SchemaFactory schemas) {
    return new DefinitionCompiler(schemas, Problems.ofNew()).compile(root, version);
  }

  /**
   * Compiles a definition that was registered once, maybe by an older version of this program: a
   * field that has no meaning where it stands is passed over, as it was then. Executions that began
   * with the definition go on, whatever is refused of new ones.
   *
   * @param version what the plan is to say of itself
   */
  public static Result compileRegistered(SourceNode root, int version, SchemaFactory schemas) {
    return new DefinitionCompiler(schemas, Problems.ofRegistered()).compile(root, version);
  }

  private Result compile(SourceNode root, int version) {
    if (!(root instanceof SourceNode.Mapping mapping)) {
      problems.add("", root, "a definition must be an object, but is " + SourceNode.kind(root));
      return new Refused(problems.sorted());
    }
    int expressions = expressionsIn(root);
    if (expressions > Limits.EXPRESSIONS_MAX) {
      problems.add(
          "",
          root,
          "at most " + Limits.EXPRESSIONS_MAX + " expressions, but there are " + expressions);
      return new Refused(problems.sorted());
    }
    var fields =
        new FieldSet(mapping, "", mapping.line(), mapping.column(), KNOWN, LATER, problems);
    String name = name(fields);
    if (fields.has("description")) {
      fields.text("description", DESCRIPTION_CHARS_MAX);
    }
    Duration timeout =
        Objects.requireNonNullElse(fields.duration("timeout"), Limits.WORKFLOW_TIMEOUT);
    Map<String, @Nullable Object> variables = variables(fields);
    TaskFields.Defaults defaults = TaskFields.Defaults.read(fields, problems);
    List<TaskDraft> drafts = tasks(fields, defaults);
    List<HookFields.HookDraft> hooks = HookFields.read(fields, defaults, drafts, problems);
    var graph = new TaskGraph(drafts, problems);
    Set<String> variableNames = new HashSet<>(variables.keySet());
    drafts.forEach(draft -> variableNames.addAll(draft.set().keySet()));
    var planning = new Planning(graph, hooks, variableNames, problems);
    List<PlannedTask> tasks = planning.plan(drafts);
    Reserve reserve = planning.reserve(drafts);
    SchemaCheck inputSchema = SchemaField.read(fields, "input", schemas, problems);
    boolean outputIsSchema =
        fields.value("output") != null && OutputField.isSchema(fields.value("output"));
    if (outputIsSchema && fields.has("outputSchema")) {
      fields.problem("outputSchema", "'output' is a JSON Schema already: give only one of the two");
    }
    SchemaCheck outputSchema =
        SchemaField.read(fields, outputIsSchema ? "output" : "outputSchema", schemas, problems);
    Template output = outputIsSchema ? null : output(fields, planning);
    ConcurrencyKey concurrencyKey =
        ConcurrencyFields.read(fields, planning.beforeAll(variables.keySet()), problems);
    if (!problems.isEmpty()) {
      return new Refused(problems.sorted());
    }
    return new Compiled(
        new Plan(
            name,
            version,
            timeout,
            variables,
            tasks,
            reserve,
            output,
            inputSchema,
            outputSchema,
            concurrencyKey));
  }

  private static int expressionsIn(SourceNode node) {
    return switch (node) {
      case SourceNode.Scalar scalar ->
          scalar.value() instanceof String text ? text.split("\\$\\{", -1).length - 1 : 0;
      case SourceNode.Sequence list ->
          list.items().stream().mapToInt(DefinitionCompiler::expressionsIn).sum();
      case SourceNode.Mapping object ->
          object.entries().stream().mapToInt(entry -> expressionsIn(entry.value())).sum();
    };
  }

  private String name(FieldSet fields) {
    if (!fields.has("name")) {
      fields.problemHere("a definition needs a 'name'");
    }
    return Objects.requireNonNullElse(fields.matching("name", NAME), "");
  }

  private Map<String, @Nullable Object> variables(FieldSet fields) {
    var mapping = fields.node("variables", SourceNode.Mapping.class, "an object");
    if (mapping == null) {
      return Map.of();
    }
    var seen = new HashSet<String>();
    for (var entry : mapping.entries()) {
      String path = "variables." + entry.key();
      if (!TaskFields.NAME.matcher(entry.key()).matches()) {
        problems.add(
            path, entry.line(), entry.column(), "a variable's name must match " + TaskFields.NAME);
      }
      if (!seen.add(entry.key())) {
        problems.add(path, entry.line(), entry.column(), "'" + entry.key() + "' is given twice");
      }
    }
    if (JsonValues.sizeBytes(SourceNode.toJson(mapping)) > Limits.PAYLOAD_BYTES_MAX) {
      fields.problem(
          "variables", "the variables take more than " + Limits.PAYLOAD_BYTES_MAX + " bytes");
    }
    return SourceNode.toJson(mapping);
  }

  private List<TaskDraft> tasks(FieldSet fields, TaskFields.Defaults defaults) {
    if (!fields.has("tasks")) {
      fields.problemHere("a definition needs 'tasks'");
    }
    var mapping = fields.node("tasks", SourceNode.Mapping.class, "an object of tasks by id");
    if (mapping == null) {
      return List.of();
    }
    if (mapping.entries().isEmpty()) {
      fields.problem("tasks", "a definition needs at least one task");
    }
    if (mapping.entries().size() > Limits.TASKS_MAX) {
      fields.problem(
          "tasks",
          "at most " + Limits.TASKS_MAX + " tasks, but there are " + mapping.entries().size());
      return List.of();
    }
    var drafts = new LinkedHashMap<String, TaskDraft>();
    for (var entry : mapping.entries()) {
      TaskDraft draft = task(entry, defaults);
      if (draft != null && drafts.putIfAbsent(draft.id(), draft) != null) {
        problems.add(
            draft.path(), entry.line(), entry.column(), "'" + entry.key() + "' is given twice");
      }
    }
    return List.copyOf(drafts.values());
  }

  private @Nullable TaskDraft task(SourceNode.Entry entry, TaskFields.Defaults defaults) {
    String path = "tasks." + entry.key();
    if (!TaskFields.NAME.matcher(entry.key()).matches()) {
      problems.add(path, entry.line(), entry.column(), "a task's id must match " + TaskFields.NAME);
    }
    if (!(entry.value() instanceof SourceNode.Mapping task)) {
      problems.add(
          path,
          entry.value(),
          "a task must be an object, but is " + SourceNode.kind(entry.value()));
      return null;
    }
    return TaskFields.read(entry, task, defaults, problems);
  }

  private static @Nullable Template output(FieldSet fields, Planning planning) {
    SourceNode node = fields.value("output");
    return node == null ? null : planning.atTheEnd().template(node, "output");
  }
}
