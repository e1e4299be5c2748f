package dev.holdfast.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One task of a {@link Plan}.
 *
 * @param kind what carries it out
 * @param needs indices of its predecessors, ascending
 * @param successors indices of the tasks that need it, ascending
 * @param when null: always
 * @param input null: the execution's input
 * @param set variables to write from the output
 * @param timeout of one attempt, from hand-over to result
 * @param heartbeat longest silence of the worker; null: none asked for
 * @param priority 0 to 9; null: the execution's
 * @param gates what holds it up once its needs have ended
 * @param origin whether it stands in the definition, or came into being at run time
 */
public record PlannedTask(
    String id,
    int index,
    Kind kind,
    List<Integer> needs,
    List<Integer> successors,
    Join join,
    @Nullable Expression when,
    @Nullable Template input,
    Map<String, Template> set,
    Duration timeout,
    @Nullable Duration heartbeat,
    RetryPolicy retry,
    @Nullable Integer priority,
    OnFailure onFailure,
    Gates gates,
    Origin origin) {

  /** Where a task comes from. */
  public sealed interface Origin {}

  /** From the definition. */
  public enum Defined implements Origin {
    IN_DEFINITION
  }

  /**
   * From a list of a {@code forEach} task, which sees to it: nothing else makes it ready, and only
   * that task waits for it.
   *
   * @param of index of that task
   * @param number place in the list, from 0
   */
  public record Item(int of, int number) implements Origin {}

  /** From the result of the task with this index. */
  public record Spawned(int by) implements Origin {}

  /** Undoes what the task with this index has done. */
  public record Compensation(int of) implements Origin {}

  /** From the definition, beside its graph: no task needs it, and it needs none. */
  public enum Hook implements Origin {
    /** Before all others: nothing of the graph begins until it has completed. */
    SETUP("setup"),
    /** After all others, however they ended. */
    TEARDOWN("teardown"),
    /** Once nothing else runs in an execution that pauses. */
    ON_PAUSE("onPause"),
    /** After a pause, before any other is handed out. */
    ON_RESUME("onResume");

    private final String id;

    Hook(String id) {
      this.id = id;
    }

    /** The task's id, and the definition's field. */
    public String id() {
      return id;
    }

    /**
     * The one with this id.
     *
     * @throws IllegalStateException when there is none
     */
    static Hook of(String id) {
      for (Hook hook : values()) {
        if (hook.id.equals(id)) {
          return hook;
        }
      }
      throw new IllegalStateException("there is no hook " + id);
    }
  }

  /** The same at these places in the graph. */
  PlannedTask linked(List<Integer> allNeeds, List<Integer> allSuccessors) {
    return new PlannedTask(
        id,
        index,
        kind,
        allNeeds,
        allSuccessors,
        join,
        when,
        input,
        set,
        timeout,
        heartbeat,
        retry,
        priority,
        onFailure,
        gates,
        origin);
  }

  /** The same as a task of its own. */
  PlannedTask placed(String as, int at, Origin from) {
    return new PlannedTask(
        as,
        at,
        kind,
        needs,
        successors,
        join,
        when,
        input,
        set,
        timeout,
        heartbeat,
        retry,
        priority,
        onFailure,
        gates,
        from);
  }

  /** What carries it out; of a list what carries out each of its items. */
  public Kind carrier() {
    return kind instanceof ForEachTask list ? list.each() : kind;
  }

  /** What carries a task out. */
  public sealed interface Kind {}

  /** What carries it out in attempts, and may so be asked for each item of a list. */
  public sealed interface Carrier extends Kind {}

  /**
   * An agent with this capability and these labels.
   *
   * @param spawnMax how many tasks its result may add; 0: none
   */
  public record AgentTask(String capability, Map<String, String> requires, int spawnMax)
      implements Carrier {
    /** An agent whose result adds no tasks. */
    public AgentTask(String capability, Map<String, String> requires) {
      this(capability, requires, 0);
    }
  }

  /**
   * A decision point: the first case that holds; the tasks that other cases name are skipped,
   * unless the case taken names them too.
   */
  public record SwitchTask(List<Case> cases) implements Kind {}

  /**
   * The same for each item of a list that is known only at run time.
   *
   * @param each who carries the items out
   * @param items gives the list
   * @param concurrency how many items at most are under way at once
   * @param maxItems how many the list may have at most
   */
  public record ForEachTask(Carrier each, Template items, int concurrency, int maxItems)
      implements Kind {}

  /**
   * Nobody: it completes once it is through its gates. Its output is what it was given there, or
   * its input.
   */
  public record UnmannedTask() implements Kind {}

  /**
   * Another execution, of this definition.
   *
   * @param version null: the newest when the attempt begins
   */
  public record WorkflowTask(
      String definition, @Nullable Integer version, OnParentClose onParentClose)
      implements Carrier {}

  /** What becomes of a child whose parent ends before it. */
  public enum OnParentClose {
    CANCEL,
    ABANDON
  }

  /**
   * @param when null: {@code otherwise}
   * @param then indices of the tasks taken
   */
  public record Case(@Nullable Expression when, List<Integer> then) {}

  /** When a task's needs let it become ready (CONTRACT §1). */
  public enum Join {
    ANY,
    ALL,
    ALWAYS
  }

  /** What a task's failure means to its execution. */
  public enum OnFailure {
    FAIL,
    CONTINUE,
    /** It fails, and what its tasks have done is undone. */
    COMPENSATE;

    /** Whether the execution fails. */
    boolean isFatal() {
      return this != CONTINUE;
    }
  }
}
