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
    OnFailure onFailure) {

  /** What carries a task out. */
  public sealed interface Kind {}

  /** An agent with this capability and these labels. */
  public record AgentTask(String capability, Map<String, String> requires) implements Kind {}

  /**
   * A decision point: the first case that holds; the tasks that other cases name are skipped,
   * unless the case taken names them too.
   */
  public record SwitchTask(List<Case> cases) implements Kind {}

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
    CONTINUE
  }
}
