package dev.holdfast.core.definition;

import dev.holdfast.core.Expression;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.PlannedTask.Hook;
import dev.holdfast.core.PlannedTask.OnFailure;
import dev.holdfast.core.Reserve;
import dev.holdfast.core.Scope;
import dev.holdfast.core.Template;
import dev.holdfast.core.cel.ExpressionScope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes planned tasks of those that were written: each expression with what it may refer to. */
final class Planning {
  private final TaskGraph graph;
  private final List<HookFields.HookDraft> hooks;
  private final Set<String> variableNames;
  private final Problems problems;

  Planning(
      TaskGraph graph,
      List<HookFields.HookDraft> hooks,
      Set<String> variableNames,
      Problems problems) {
    this.graph = graph;
    this.hooks = hooks;
    this.variableNames = variableNames;
    this.problems = problems;
  }

  /** The tasks of the graph by their places there, and behind them those beside it. */
  List<PlannedTask> plan(List<TaskDraft> drafts) {
    var tasks = new ArrayList<PlannedTask>();
    for (int i = 0; i < drafts.size(); i++) {
      TaskDraft draft = drafts.get(i);
      Set<String> ancestors = graph.ancestorsOf(i);
      var before = compiler(new ExpressionScope(graph.ids(), ancestors, variableNames, false));
      var after = compiler(new ExpressionScope(graph.ids(), ancestors, variableNames, true));
      var ofItem = compiler(ExpressionScope.ofItem(graph.ids(), ancestors, variableNames));
      var ofSignal = compiler(ExpressionScope.ofSignal(graph.ids(), ancestors, variableNames));
      tasks.add(
          new PlannedTask(
              draft.id(),
              i,
              kind(draft, graph, before),
              graph.needsOf(i),
              graph.successorsOf(i),
              draft.join(),
              condition(draft.when(), draft.path() + ".when", before),
              draft.action() instanceof TaskDraft.ToEach
                  ? inputOfItem(draft, ofItem)
                  : input(draft, draft.gates().signal() == null ? before : ofSignal),
              set(draft, after),
              draft.timeout(),
              draft.heartbeat(),
              draft.retry(),
              draft.priority(),
              draft.onFailure(),
              draft.gates(),
              PlannedTask.Defined.IN_DEFINITION));
    }
    for (HookFields.HookDraft hook : hooks) {
      switch (hook.hook()) {
        case SETUP, TEARDOWN -> tasks.add(hook(hook, tasks.size()));
        case ON_PAUSE, ON_RESUME -> {
          // They become part of an execution when it is paused and resumed.
        }
      }
    }
    return tasks;
  }

  /** What is needed only at times. */
  Reserve reserve(List<TaskDraft> drafts) {
    var pauses = new EnumMap<Hook, PlannedTask>(Hook.class);
    for (HookFields.HookDraft hook : hooks) {
      switch (hook.hook()) {
        case SETUP, TEARDOWN -> {
          // They are part of every execution.
        }
        case ON_PAUSE, ON_RESUME -> pauses.put(hook.hook(), hook(hook, 0));
      }
    }
    return new Reserve(compensations(drafts), pauses);
  }

  /** What undoes tasks, by their ids. Without an input of its own it is given the task's output. */
  private Map<String, PlannedTask> compensations(List<TaskDraft> drafts) {
    var compensations = new LinkedHashMap<String, PlannedTask>();
    TemplateCompiler templates =
        compiler(new ExpressionScope(graph.ids(), graph.ids(), variableNames, true));
    for (int i = 0; i < drafts.size(); i++) {
      TaskDraft task = drafts.get(i);
      TaskDraft draft = task.compensation();
      if (draft != null) {
        Template given = input(draft, templates);
        compensations.put(
            task.id(),
            beside(
                draft,
                i,
                templates,
                given == null ? Scope::output : given,
                OnFailure.CONTINUE,
                new PlannedTask.Compensation(i)));
      }
    }
    return compensations;
  }

  private PlannedTask hook(HookFields.HookDraft draft, int index) {
    TemplateCompiler templates =
        switch (draft.hook()) {
          case SETUP -> atTheBeginning();
          case TEARDOWN -> atTheEnd();
          case ON_PAUSE, ON_RESUME -> atAnyTime();
        };
    OnFailure onFailure =
        switch (draft.hook()) {
          case SETUP, ON_RESUME -> OnFailure.FAIL;
          case TEARDOWN, ON_PAUSE -> OnFailure.CONTINUE;
        };
    TaskDraft task = draft.task();
    return beside(task, index, templates, input(task, templates), onFailure, draft.hook());
  }

  private PlannedTask beside(
      TaskDraft task,
      int index,
      TemplateCompiler templates,
      @Nullable Template input,
      OnFailure onFailure,
      PlannedTask.Origin origin) {
    return new PlannedTask(
        task.id(),
        index,
        kind(task, graph, templates),
        List.of(),
        List.of(),
        task.join(),
        null,
        input,
        Map.of(),
        task.timeout(),
        task.heartbeat(),
        task.retry(),
        task.priority(),
        onFailure,
        task.gates(),
        origin);
  }

  /** For what is evaluated before any task has ended. */
  private TemplateCompiler atTheBeginning() {
    var scope = new ExpressionScope(graph.ids(), Set.of(), variableNames, false);
    return new TemplateCompiler(scope, problems);
  }

  /**
   * For what is evaluated as the execution begins, with the variables as the definition has them.
   */
  TemplateCompiler beforeAll(Set<String> variables) {
    return new TemplateCompiler(
        new ExpressionScope(graph.ids(), Set.of(), variables, false), problems);
  }

  /** For what is evaluated when nobody knows which tasks have ended. */
  private TemplateCompiler atAnyTime() {
    return compiler(new ExpressionScope(graph.ids(), Set.of(), variableNames, false));
  }

  /** For what is evaluated when all tasks of the graph have ended. */
  TemplateCompiler atTheEnd() {
    return compiler(new ExpressionScope(graph.ids(), graph.ids(), variableNames, false));
  }

  private TemplateCompiler compiler(ExpressionScope scope) {
    boolean hasSetup = hooks.stream().anyMatch(draft -> draft.hook() == Hook.SETUP);
    return new TemplateCompiler(scope.withSetup(hasSetup), problems);
  }

  private static PlannedTask.Kind kind(
      TaskDraft draft, TaskGraph graph, TemplateCompiler templates) {
    return switch (draft.action()) {
      case TaskDraft.Carrier carrier -> carrier(carrier);
      case TaskDraft.ToEach(var each, var items, int concurrency, int maxItems) ->
          new PlannedTask.ForEachTask(
              carrier(each),
              templates.list(items, draft.path() + ".forEach"),
              concurrency,
              maxItems);
      case TaskDraft.Choice choice ->
          new PlannedTask.SwitchTask(
              choice.cases().stream()
                  .map(c ->
                      new PlannedTask.Case(
                          condition(c.when(), c.path() + ".when", templates),
                          graph.indicesOf(c.then())))
                  .toList());
      case TaskDraft.Unmanned ignored -> new PlannedTask.UnmannedTask();
      case TaskDraft.Unknown ignored -> new PlannedTask.SwitchTask(List.of());
    };
  }

  private static PlannedTask.Carrier carrier(TaskDraft.Carrier carrier) {
    return switch (carrier) {
      case TaskDraft.ToAgent(var capability, var requires, int spawnMax) ->
          new PlannedTask.AgentTask(capability, requires, spawnMax);
      case TaskDraft.ToWorkflow(var definition, var version, var onParentClose) ->
          new PlannedTask.WorkflowTask(definition, version, onParentClose);
    };
  }

  private static @Nullable Template input(TaskDraft draft, TemplateCompiler templates) {
    SourceNode input = draft.input();
    return input == null ? null : templates.template(input, draft.path() + ".input");
  }

  /** Without an input of its own a task of a list is given its item. */
  private static Template inputOfItem(TaskDraft draft, TemplateCompiler templates) {
    Template given = input(draft, templates);
    return given == null ? Scope::item : given;
  }

  private static @Nullable Expression condition(
      @Nullable SourceNode node, String path, TemplateCompiler templates) {
    return node == null ? null : templates.condition(node, path);
  }

  private static Map<String, Template> set(TaskDraft draft, TemplateCompiler templates) {
    var set = new LinkedHashMap<String, Template>();
    draft
        .set()
        .forEach(
            (name, node) -> set.put(name, templates.template(node, draft.path() + ".set." + name)));
    return Collections.unmodifiableMap(set);
  }
}
