package dev.holdfast.core.definition;

import dev.holdfast.core.definition.TaskDraft.CaseDraft;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads {@code switch}. */
final class SwitchFields {
  private static final Set<String> KNOWN = Set.of("when", "otherwise", "then");

  private SwitchFields() {}

  static List<CaseDraft> read(FieldSet task, Problems problems) {
    var list = task.node("switch", SourceNode.Sequence.class, "a list of cases");
    if (list == null) {
      return List.of();
    }
    if (list.items().isEmpty()) {
      task.problem("switch", "'switch' must have at least one case");
    }
    var cases = new ArrayList<CaseDraft>();
    boolean afterOtherwise = false;
    for (int i = 0; i < list.items().size(); i++) {
      SourceNode item = list.items().get(i);
      String path = task.pathOf("switch") + "[" + i + "]";
      if (!(item instanceof SourceNode.Mapping mapping)) {
        problems.add(path, item, "a case must be an object, but is " + SourceNode.kind(item));
        continue;
      }
      var fields =
          new FieldSet(mapping, path, mapping.line(), mapping.column(), KNOWN, Set.of(), problems);
      if (afterOtherwise) {
        fields.problemHere("no case can follow 'otherwise'");
      }
      checkCondition(fields);
      afterOtherwise |= fields.has("otherwise");
      if (!fields.has("then")) {
        fields.problemHere("a case needs 'then', the list of tasks that it leads to");
      }
      cases.add(
          new CaseDraft(
              fields.has("otherwise") ? null : fields.value("when"),
              path,
              fields.texts("then", "ids of tasks")));
    }
    return List.copyOf(cases);
  }

  private static void checkCondition(FieldSet fields) {
    if (fields.has("when") == fields.has("otherwise")) {
      fields.problemHere("a case needs exactly one of 'when' and 'otherwise'");
    }
    if (fields.has("otherwise")
        && !(fields.value("otherwise") instanceof SourceNode.Scalar scalar
            && Boolean.TRUE.equals(scalar.value()))) {
      fields.problem("otherwise", "'otherwise' must be true");
    }
  }
}
