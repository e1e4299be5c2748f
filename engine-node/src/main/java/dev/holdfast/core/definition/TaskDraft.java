package dev.holdfast.core.definition;

import dev.holdfast.core.Gates;
import dev.holdfast.core.PlannedTask.Join;
import dev.holdfast.core.PlannedTask.OnFailure;
import dev.holdfast.core.PlannedTask.OnParentClose;
import dev.holdfast.core.RetryPolicy;
import dev.holdfast.core.definition.FieldSet.Located;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task as it was written, its own fields checked, names and expressions not yet resolved.
 *
 * @param key where its id stands
 * @param compensation what undoes it; null: nothing does
 * @param cases empty unless it is a switch
 */
record TaskDraft(
    String id,
    SourceNode.Entry key,
    String path,
    Action action,
    List<Located> needs,
    Join join,
    @Nullable SourceNode when,
    @Nullable SourceNode input,
    Map<String, SourceNode> set,
    Duration timeout,
    @Nullable Duration heartbeat,
    RetryPolicy retry,
    @Nullable Integer priority,
    OnFailure onFailure,
    Gates gates,
    @Nullable TaskDraft compensation) {

  /** What carries it out. */
  sealed interface Action {}

  /** What each item of a list may be given to as well. */
  sealed interface Carrier extends Action {}

  /**
   * @param spawnMax how many tasks its result may add; 0: none
   */
  record ToAgent(String capability, Map<String, String> requires, int spawnMax)
      implements Carrier {}

  /**
   * @param items the expression that gives the list
   */
  record ToEach(Carrier each, SourceNode items, int concurrency, int maxItems) implements Action {}

  /**
   * @param version null: the newest
   */
  record ToWorkflow(String definition, @Nullable Integer version, OnParentClose onParentClose)
      implements Carrier {}

  record Choice(List<CaseDraft> cases) implements Action {}

  /** Nobody: it has its gates alone. */
  record Unmanned() implements Action {}

  /** None that can be told; it has been reported. */
  record Unknown() implements Action {}

  /**
   * @param when null: {@code otherwise}
   */
  record CaseDraft(@Nullable SourceNode when, String path, List<Located> then) {}

  List<CaseDraft> cases() {
    return action instanceof Choice choice ? choice.cases() : List.of();
  }
}
