package dev.holdfast.core.definition;

import dev.holdfast.core.PlannedTask.OnParentClose;
import java.util.Map;
import java.util.Set;

/** Reads {@code workflow} and what goes with it. */
final class WorkflowFields {
  private static final Set<String> ITS_OWN = Set.of("version", "onParentClose");
  private static final Set<String> OF_AGENTS = Set.of("requires", "heartbeat", "spawn");
  private static final Map<String, OnParentClose> ON_PARENT_CLOSE =
      TaskFields.words(OnParentClose.values());

  private WorkflowFields() {}

  /** A task without a workflow has none of its fields. */
  static void refuse(FieldSet task) {
    task.misplaced(ITS_OWN, "has a meaning only with 'workflow'");
  }

  static TaskDraft.Action read(FieldSet task) {
    task.misplaced(OF_AGENTS, "has no meaning with 'workflow'");
    String definition = task.matching("workflow", DefinitionCompiler.NAME);
    Integer version = task.integer("version", 1, Integer.MAX_VALUE);
    OnParentClose onParentClose = task.word("onParentClose", ON_PARENT_CLOSE);
    if (definition == null) {
      return new TaskDraft.Unknown();
    }
    var child =
        new TaskDraft.ToWorkflow(
            definition, version, onParentClose == null ? OnParentClose.CANCEL : onParentClose);
    return ForEachFields.read(task, child);
  }
}
