package dev.holdfast.core.definition;

import dev.holdfast.core.Gates;
import dev.holdfast.core.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what holds a task up before it is handed out. */
final class GateFields {
  /** A signal's name. */
  private static final Pattern SIGNAL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

  private static final Set<String> ALL = Set.of("delay", "waitFor", "pauseBefore");
  private static final Set<String> OF_SIGNAL = Set.of("signal", "timeout");
  private static final Set<String> OF_APPROVAL = Set.of("approvers", "expires");
  private static final String NEVER = "never";

  private GateFields() {}

  /** Whether the task has any of these fields. */
  static boolean any(FieldSet task) {
    return task.has("delay")
        || task.has("waitFor")
        || (task.has("pauseBefore") && !isFalse(task.value("pauseBefore")));
  }

  private static boolean isFalse(@Nullable SourceNode value) {
    return value instanceof SourceNode.Scalar scalar && Boolean.FALSE.equals(scalar.value());
  }

  static Gates read(FieldSet task, Problems problems) {
    if (task.has("forEach")) {
      task.misplaced(ALL, "has no meaning with 'forEach': put it on a task before");
      return Gates.NONE;
    }
    if (!any(task)) {
      return Gates.NONE;
    }
    return new Gates(task.duration("delay"), signal(task, problems), approval(task, problems));
  }

  private static Gates.@Nullable Signal signal(FieldSet task, Problems problems) {
    FieldSet fields = FieldSet.nested(task, "waitFor", OF_SIGNAL, problems);
    if (fields == null) {
      return null;
    }
    if (!fields.has("signal")) {
      fields.problemHere("'waitFor' needs the name of a 'signal'");
    }
    String name = fields.matching("signal", SIGNAL);
    return new Gates.Signal(name == null ? "" : name, fields.duration("timeout"));
  }

  private static Gates.@Nullable Approval approval(FieldSet task, Problems problems) {
    if (task.value("pauseBefore") instanceof SourceNode.Scalar scalar
        && Boolean.TRUE.equals(scalar.value())) {
      return new Gates.Approval(List.of(), null);
    }
    if (!task.has("pauseBefore") || isFalse(task.value("pauseBefore"))) {
      return null;
    }
    if (!(task.value("pauseBefore") instanceof SourceNode.Mapping)) {
      task.problem("pauseBefore", "'pauseBefore' must be true or an object");
      return null;
    }
    FieldSet fields = FieldSet.nested(task, "pauseBefore", OF_APPROVAL, problems);
    return fields == null ? null : new Gates.Approval(approvers(fields), expires(fields));
  }

  private static List<String> approvers(FieldSet fields) {
    List<FieldSet.Located> roles = fields.texts("approvers", "roles");
    if (fields.has("approvers") && roles.isEmpty()) {
      fields.problem("approvers", "'approvers' must have at least one role; leave it out for all");
    }
    for (FieldSet.Located role : roles) {
      if (role.text().isBlank() || role.text().length() > Limits.LABEL_CHARS_MAX) {
        fields
            .problems()
            .add(
                role.path(),
                role.line(),
                role.column(),
                "a role must have 1 to " + Limits.LABEL_CHARS_MAX + " characters");
      }
    }
    return roles.stream().map(FieldSet.Located::text).toList();
  }

  private static @Nullable Duration expires(FieldSet fields) {
    return fields.value("expires") instanceof SourceNode.Scalar scalar
            && NEVER.equals(scalar.value())
        ? null
        : fields.duration("expires");
  }
}
