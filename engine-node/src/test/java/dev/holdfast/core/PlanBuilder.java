package dev.holdfast.core;

import dev.holdfast.core.PlannedTask.AgentTask;
import dev.holdfast.core.PlannedTask.Case;
import dev.holdfast.core.PlannedTask.Defined;
import dev.holdfast.core.PlannedTask.ForEachTask;
import dev.holdfast.core.PlannedTask.Join;
import dev.holdfast.core.PlannedTask.Kind;
import dev.holdfast.core.PlannedTask.OnFailure;
import dev.holdfast.core.PlannedTask.OnParentClose;
import dev.holdfast.core.PlannedTask.Origin;
import dev.holdfast.core.PlannedTask.SwitchTask;
import dev.holdfast.core.PlannedTask.UnmannedTask;
import dev.holdfast.core.PlannedTask.WorkflowTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes plans without a definition's text: expressions and templates are functions. */
public final class PlanBuilder {
  public static final RetryPolicy ONCE =
      new RetryPolicy(1, Duration.ofSeconds(1), 2, Duration.ofMinutes(1), 0, Set.of());
  public static final RetryPolicy THRICE =
      new RetryPolicy(3, Duration.ofSeconds(1), 2, Duration.ofMinutes(1), 0, Set.of());

  private final LinkedHashMap<String, TaskBuilder> tasks = new LinkedHashMap<>();
  private Duration timeout = Limits.WORKFLOW_TIMEOUT;
  private Map<String, @Nullable Object> variables = Map.of();
  private @Nullable ConcurrencyKey concurrencyKey;
  private @Nullable Template output;
  private SchemaCheck outputSchema = SchemaCheck.NONE;
  private final Map<PlannedTask.Hook, TaskBuilder> hooks = new EnumMap<>(PlannedTask.Hook.class);

  /** Tasks of an agent, each needing nothing. */
  public static PlanBuilder of(String... ids) {
    var builder = new PlanBuilder();
    for (String id : ids) {
      builder.task(id);
    }
    return builder;
  }

  /** A chain: each needs the one before it. */
  public static PlanBuilder chain(String... ids) {
    var builder = new PlanBuilder();
    for (int i = 0; i < ids.length; i++) {
      String[] needs = i == 0 ? new String[0] : new String[] {ids[i - 1]};
      builder.task(ids[i], task -> task.needs(needs));
    }
    return builder;
  }

  public PlanBuilder task(String id) {
    return task(id, task -> task);
  }

  public PlanBuilder task(String id, UnaryOperator<TaskBuilder> with) {
    tasks.put(id, with.apply(new TaskBuilder(id)));
    return this;
  }

  /** A task beside the graph. */
  public PlanBuilder hook(PlannedTask.Hook hook, UnaryOperator<TaskBuilder> with) {
    var builder = new TaskBuilder(hook.id()).onFailure(OnFailure.CONTINUE);
    hooks.put(hook, with.apply(builder));
    return this;
  }

  public PlanBuilder setup() {
    return hook(PlannedTask.Hook.SETUP, task -> task.onFailure(OnFailure.FAIL));
  }

  public PlanBuilder teardown() {
    return hook(PlannedTask.Hook.TEARDOWN, task -> task.timeout(Duration.ofMinutes(10)));
  }

  public PlanBuilder onPause() {
    return hook(PlannedTask.Hook.ON_PAUSE, task -> task);
  }

  public PlanBuilder onResume() {
    return hook(PlannedTask.Hook.ON_RESUME, task -> task.onFailure(OnFailure.FAIL));
  }

  public PlanBuilder timeout(Duration workflow) {
    timeout = workflow;
    return this;
  }

  public PlanBuilder variables(Map<String, @Nullable Object> initial) {
    variables = initial;
    return this;
  }

  /** So many of its executions may run at once that have the same key. */
  public PlanBuilder concurrency(
      Function<Scope, @Nullable Object> key, int limit, OnLimit onLimit) {
    concurrencyKey = new ConcurrencyKey(key::apply, limit, onLimit);
    return this;
  }

  /** One of its executions may run at once, others wait. */
  public PlanBuilder oneAtOnce() {
    return concurrency(scope -> "acme", 1, OnLimit.QUEUE);
  }

  public PlanBuilder output(Function<Scope, @Nullable Object> function) {
    output = function::apply;
    return this;
  }

  public PlanBuilder outputSchema(SchemaCheck check) {
    outputSchema = check;
    return this;
  }

  public Plan build() {
    List<String> ids = List.copyOf(tasks.keySet());
    tasks
        .values()
        .forEach(from ->
            from.cases.forEach(choice -> {
              for (String then : choice.then()) {
                tasks.get(then).needs.add(from.id);
              }
            }));
    var planned = new ArrayList<PlannedTask>();
    for (String id : ids) {
      planned.add(
          tasks
              .get(id)
              .build(ids.indexOf(id), ids, List.copyOf(tasks.values()), Defined.IN_DEFINITION));
    }
    var atTimes = new EnumMap<PlannedTask.Hook, PlannedTask>(PlannedTask.Hook.class);
    hooks.forEach((hook, task) -> {
      switch (hook) {
        case SETUP, TEARDOWN -> planned.add(task.build(planned.size(), ids, List.of(), hook));
        case ON_PAUSE, ON_RESUME -> atTimes.put(hook, task.build(0, ids, List.of(), hook));
      }
    });
    var compensations = new LinkedHashMap<String, PlannedTask>();
    tasks.forEach((id, task) -> {
      TaskBuilder compensation = task.compensation;
      if (compensation != null) {
        int of = ids.indexOf(id);
        compensations.put(
            id, compensation.build(of, ids, List.of(), new PlannedTask.Compensation(of)));
      }
    });
    return new Plan(
        "plan",
        1,
        timeout,
        variables,
        planned,
        new Reserve(compensations, atTimes),
        output,
        SchemaCheck.NONE,
        outputSchema,
        concurrencyKey);
  }

  public static Expression expression(String source, Function<Scope, @Nullable Object> function) {
    return new Expression() {
      @Override
      public String source() {
        return source;
      }

      @Override
      public @Nullable Object evaluate(Scope scope) {
        return function.apply(scope);
      }

      @Override
      public Map<String, @Nullable Object> reads(Scope scope) {
        return Map.of("read." + source, source.length() + 0L);
      }
    };
  }

  /** A case of a switch, by the names of tasks. */
  private record Choice(@Nullable Expression when, List<String> then) {}

  /** One task. */
  public static final class TaskBuilder {
    private final String id;
    private final TreeSet<String> needs = new TreeSet<>();
    private final List<Choice> cases = new ArrayList<>();
    private Join join = Join.ANY;
    private @Nullable Expression when;
    private @Nullable Template input;
    private @Nullable Template items;
    private int atOnce;
    private int most;
    private int spawnMax;
    private final Map<String, Template> set = new LinkedHashMap<>();
    private Duration timeout = Limits.TASK_TIMEOUT;
    private RetryPolicy retry = ONCE;
    private OnFailure onFailure = OnFailure.FAIL;
    private Gates gates = Gates.NONE;
    private boolean unmanned;
    private @Nullable TaskBuilder compensation;
    private @Nullable WorkflowTask workflow;

    private TaskBuilder(String id) {
      this.id = id;
    }

    public TaskBuilder needs(String... ids) {
      needs.addAll(Arrays.asList(ids));
      return this;
    }

    /** Makes it a decision point. */
    public TaskBuilder choice(
        String source, Function<Scope, @Nullable Object> condition, String... then) {
      return choice(expression(source, condition), then);
    }

    public TaskBuilder choice(Expression condition, String... then) {
      cases.add(new Choice(condition, List.of(then)));
      return this;
    }

    public TaskBuilder otherwise(String... then) {
      cases.add(new Choice(null, List.of(then)));
      return this;
    }

    public TaskBuilder join(Join rule) {
      join = rule;
      return this;
    }

    public TaskBuilder when(String source, Function<Scope, @Nullable Object> condition) {
      when = expression(source, condition);
      return this;
    }

    public TaskBuilder input(Function<Scope, @Nullable Object> function) {
      input = function::apply;
      return this;
    }

    public TaskBuilder set(String variable, Function<Scope, @Nullable Object> function) {
      set.put(variable, function::apply);
      return this;
    }

    /** Makes it a list; without an input its items are given what stands in the list. */
    public TaskBuilder forEach(
        Function<Scope, @Nullable Object> list, int concurrency, int maxItems) {
      items = list::apply;
      atOnce = concurrency;
      most = maxItems;
      return this;
    }

    public TaskBuilder forEach(Function<Scope, @Nullable Object> list) {
      return forEach(list, Limits.TASKS_MAX, Limits.TASKS_MAX);
    }

    /** Lets its result add so many tasks. */
    public TaskBuilder spawn(int max) {
      spawnMax = max;
      return this;
    }

    public TaskBuilder timeout(Duration attempt) {
      timeout = attempt;
      return this;
    }

    public TaskBuilder retry(RetryPolicy policy) {
      retry = policy;
      return this;
    }

    public TaskBuilder onFailure(OnFailure what) {
      onFailure = what;
      return this;
    }

    /** Something undoes it, which is given its output unless it says otherwise. */
    public TaskBuilder compensate(UnaryOperator<TaskBuilder> with) {
      var builder = new TaskBuilder("compensate").onFailure(OnFailure.CONTINUE);
      compensation = with.apply(builder.input(Scope::output));
      return this;
    }

    public TaskBuilder compensate() {
      return compensate(task -> task);
    }

    /** A person has to let it pass. */
    public TaskBuilder approval(@Nullable Duration expires, String... approvers) {
      var approval = new Gates.Approval(List.of(approvers), expires);
      gates = new Gates(gates.delay(), gates.signal(), approval);
      return this;
    }

    /** So long after its needs have ended. */
    public TaskBuilder delay(Duration delay) {
      gates = new Gates(delay, gates.signal(), gates.approval());
      return this;
    }

    /** Not before such a signal has come. */
    public TaskBuilder waitFor(String signal, @Nullable Duration most) {
      gates = new Gates(gates.delay(), new Gates.Signal(signal, most), gates.approval());
      return this;
    }

    /** Nobody carries it out. */
    public TaskBuilder unmanned() {
      unmanned = true;
      return this;
    }

    /** Another execution carries it out. */
    public TaskBuilder workflow(String definition, OnParentClose onParentClose) {
      workflow = new WorkflowTask(definition, null, onParentClose);
      return this;
    }

    /** Another execution carries it out, which ends with this one. */
    public TaskBuilder workflow(String definition) {
      return workflow(definition, OnParentClose.CANCEL);
    }

    private Kind kind(List<String> ids) {
      if (workflow != null) {
        return items == null ? workflow : new ForEachTask(workflow, items, atOnce, most);
      }
      if (unmanned) {
        return new UnmannedTask();
      }
      var agent = new AgentTask("agent-" + id, Map.of(), spawnMax);
      if (items != null) {
        return new ForEachTask(agent, items, atOnce, most);
      }
      return cases.isEmpty()
          ? agent
          : new SwitchTask(
              cases.stream()
                  .map(c -> new Case(c.when(), c.then().stream().map(ids::indexOf).toList()))
                  .toList());
    }

    private PlannedTask build(int index, List<String> ids, List<TaskBuilder> all, Origin origin) {
      List<Integer> successors =
          all.stream().filter(t -> t.needs.contains(id)).map(t -> ids.indexOf(t.id)).toList();
      return new PlannedTask(
          id,
          index,
          kind(ids),
          needs.stream().map(ids::indexOf).sorted().toList(),
          successors,
          join,
          when,
          items != null && input == null ? Scope::item : input,
          set,
          timeout,
          null,
          retry,
          null,
          onFailure,
          gates,
          origin);
    }
  }
}
