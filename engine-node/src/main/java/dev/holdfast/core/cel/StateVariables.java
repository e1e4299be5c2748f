package dev.holdfast.core.cel;

import dev.cel.common.exceptions.CelAttributeNotFoundException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.common.values.CelValue;
import dev.cel.common.values.SelectableValue;
import dev.cel.runtime.CelVariableResolver;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.Scope;
import dev.holdfast.core.TaskState;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The variables of an expression, looked up straight in the execution's state when asked for. */
record StateVariables(Scope scope) implements CelVariableResolver {
  @Override
  public Optional<Object> find(String name) {
    ExecutionState state = scope.state();
    return switch (name) {
      case "input" -> Optional.of(CelValues.toCel(state.header().input()));
      case "vars" -> Optional.of(JsonMapValue.lenient(state.variables()));
      case "tasks" -> Optional.of(new Tasks(state));
      case "setup" -> Optional.of(new Setup(setupOutput(state)));
      case "execution" -> Optional.of(new Execution(state));
      case "output" ->
          scope.hasOutput() ? Optional.of(CelValues.toCel(scope.output())) : Optional.empty();
      case "item" ->
          scope.hasItem() ? Optional.of(CelValues.toCel(scope.item())) : Optional.empty();
      case "index" -> scope.hasItem() ? Optional.of((long) scope.index()) : Optional.empty();
      case "signal" ->
          scope.hasSignal() ? Optional.of(CelValues.toCel(scope.signal())) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /**
   * What a task's error looks like to an expression: {@code type}, {@code message}, {@code
   * details}.
   */
  static @Nullable Object errorJson(@Nullable TaskError error) {
    if (error == null) {
      return null;
    }
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("type", error.type());
    json.put("message", error.message());
    json.put("details", error.details());
    return json;
  }

  /** Something with fixed fields. */
  private abstract static class Fields extends CelValue implements SelectableValue<String> {
    @Override
    public Object value() {
      return this;
    }

    @Override
    public boolean isZeroValue() {
      return false;
    }

    @Override
    public Optional<Object> find(String field) {
      return Optional.of(select(field));
    }
  }

  /** {@code tasks}: the compiler has checked the ids. */
  private static final class Tasks extends Fields {
    private final ExecutionState state;

    Tasks(ExecutionState state) {
      this.state = state;
    }

    @Override
    public Object select(String id) {
      return new Task(state, state.plan().task(id));
    }

    @Override
    public CelType celType() {
      return SimpleType.DYN;
    }
  }

  /** {@code tasks.<id>}. */
  private static final class Task extends Fields {
    private final ExecutionState state;
    private final PlannedTask planned;
    private final TaskState task;

    Task(ExecutionState state, PlannedTask planned) {
      this.state = state;
      this.planned = planned;
      this.task = state.tasks().get(planned.index());
    }

    @Override
    public Object select(String field) {
      return switch (field) {
        case "output" -> CelValues.toCel(task.output());
        case "status" -> task.status().name();
        case "error" -> CelValues.toCel(errorJson(task.error()));
        case "spawned" -> CelValues.toCel(spawned());
        default -> throw CelAttributeNotFoundException.forFieldResolution(field);
      };
    }

    /** What the tasks gave that its result had added, by their ids; those that completed. */
    private Map<String, @Nullable Object> spawned() {
      var outputs = new LinkedHashMap<String, @Nullable Object>();
      for (PlannedTask other : state.plan().tasks()) {
        TaskState added = state.tasks().get(other.index());
        if (other.origin() instanceof PlannedTask.Spawned(int by)
            && by == planned.index()
            && added.status() == TaskStatus.COMPLETED) {
          outputs.put(other.id(), added.output());
        }
      }
      return Collections.unmodifiableMap(outputs);
    }

    /** Null is absent here: {@code has(tasks.a.output)} asks whether there is one. */
    @Override
    public Optional<Object> find(String field) {
      return switch (field) {
        case "output" -> Optional.ofNullable(task.output()).map(CelValues::toCel);
        case "error" -> Optional.ofNullable(errorJson(task.error())).map(CelValues::toCel);
        default -> Optional.of(select(field));
      };
    }

    @Override
    public CelType celType() {
      return StructTypeReference.create(CelCompilers.TASK);
    }
  }

  /** What the task before all others gave; null: there is none, or it has not completed. */
  private static @Nullable Object setupOutput(ExecutionState state) {
    String id = PlannedTask.Hook.SETUP.id();
    return state.plan().has(id) ? state.task(id).output() : null;
  }

  /** {@code setup}. */
  private static final class Setup extends Fields {
    private final @Nullable Object output;

    Setup(@Nullable Object output) {
      this.output = output;
    }

    @Override
    public Object select(String field) {
      if (field.equals("output")) {
        return CelValues.toCel(output);
      }
      throw CelAttributeNotFoundException.forFieldResolution(field);
    }

    /** Null is absent here: {@code has(setup.output)} asks whether there is one. */
    @Override
    public Optional<Object> find(String field) {
      return output == null ? Optional.empty() : Optional.of(select(field));
    }

    @Override
    public CelType celType() {
      return StructTypeReference.create(CelCompilers.SETUP);
    }
  }

  /** {@code execution}. */
  private static final class Execution extends Fields {
    private final ExecutionState state;

    Execution(ExecutionState state) {
      this.state = state;
    }

    @Override
    public Object select(String field) {
      return switch (field) {
        case "id" -> state.key().id();
        case "tenant" -> state.key().tenant();
        case "definition" -> state.plan().name();
        case "startedAt" -> state.header().startedAt();
        case "scheduledAt" -> state.header().scheduledAt();
        default -> throw CelAttributeNotFoundException.forFieldResolution(field);
      };
    }

    @Override
    public CelType celType() {
      return StructTypeReference.create(CelCompilers.EXECUTION);
    }
  }

  /** The plain value at a path such as {@code [tasks, a, output, x]}; null where there is none. */
  static @Nullable Object at(Scope scope, List<String> path) {
    ExecutionState state = scope.state();
    int from = 1;
    Object value;
    switch (path.getFirst()) {
      case "input" -> value = state.header().input();
      case "vars" -> value = state.variables();
      case "output" -> value = scope.output();
      case "item" -> value = scope.item();
      case "index" -> value = (long) scope.index();
      case "signal" -> value = scope.signal();
      case "tasks" -> {
        value = json(new Task(state, state.plan().task(path.get(1))).select(path.get(2)));
        from = 3;
      }
      case "setup" -> {
        value = setupOutput(state);
        from = 2;
      }
      case "execution" -> {
        value = json(new Execution(state).select(path.get(1)));
        from = 2;
      }
      default -> value = null;
    }
    for (String key : path.subList(Math.min(from, path.size()), path.size())) {
      value = value instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return value;
  }

  private static @Nullable Object json(Object cel) {
    return CelValues.toJson(cel, new SizeBudget());
  }
}
