package dev.holdfast.core;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskError;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one execution: the fold of its events. Immutable and shared freely.
 *
 * @param seq number of its last event, from 1 without gaps
 * @param tasks in the order of {@link Plan#tasks()}
 * @param openTasks how many of them have not ended
 * @param runningTasks how many of them are RUNNING
 * @param deadline when the workflow times out; not in force while paused
 * @param error why it failed, once a task has failed it
 * @param pause set while PAUSING or PAUSED
 * @param recentCommands ids of the newest control commands, oldest first, for recognising repeats
 * @param payloadBytes size of input, outputs, variables, inputs and signals held, by {@code
 *     JsonValues}
 * @param large whether it was said that the state has come near {@link Limits#STATE_BYTES_MAX}
 * @param closing how it will end, once that is settled and something is left to be done before;
 *     {@code deadline} is that of what is left then
 * @param undoable ids of the tasks that have completed and that something undoes, in that order
 * @param slot its place among executions of the same concurrency key; null: it has no such key
 * @param schedule what it is instead of a workflow, with a plan without tasks; null: a workflow
 */
public record ExecutionState(
    ExecutionHeader header,
    ExecutionStatus status,
    long seq,
    Instant updatedAt,
    @Nullable Instant endedAt,
    Instant deadline,
    Map<String, @Nullable Object> variables,
    List<TaskState> tasks,
    int openTasks,
    int runningTasks,
    @Nullable Object output,
    @Nullable TaskError error,
    @Nullable Pause pause,
    List<String> recentCommands,
    long payloadBytes,
    Signals signals,
    boolean large,
    @Nullable Closing closing,
    List<String> undoable,
    @Nullable Slot slot,
    @Nullable Schedule schedule) {

  public ExecutionKey key() {
    return header.key();
  }

  public Plan plan() {
    return header.plan();
  }

  /**
   * Whether it may do nothing until it is given a slot of its concurrency key. While that is so
   * none of its tasks has begun, and no time passes for it.
   */
  public boolean waitsForSlot() {
    return slot != null && !slot.held() && !status.isEnded();
  }

  /** The state of the task with this id. The id must be one of the plan's. */
  public TaskState task(String id) {
    return tasks.get(plan().indexOf(id));
  }
}
