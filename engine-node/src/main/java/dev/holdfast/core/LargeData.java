package dev.holdfast.core;

import dev.holdfast.api.BlobRef;
import dev.holdfast.api.SpawnedTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Data that an execution has by reference. */
public final class LargeData {
  private LargeData() {}

  /**
   * A reference in a command.
   *
   * @param path where it stands, such as {@code output.report}
   */
  public record Reference(String path, Map<?, ?> value) {
    /**
     * What it refers to.
     *
     * @throws IllegalArgumentException when it is malformed
     */
    public BlobRef parsed() {
      return Objects.requireNonNull(BlobRef.of(value));
    }
  }

  /** The references that a command brings into its execution; mostly none. */
  public static List<Reference> of(Command command) {
    return switch (command) {
      case Command.StartExecution c -> in("input", c.input());
      case Command.CompleteTask c -> c.spawn().isEmpty() ? in("output", c.output()) : in(c);
      case Command.FailTask c -> in("error.details", c.error().details());
      case Command.SendSignal c -> in("payload", c.payload());
      case Command.DecideApproval c -> in("output", c.output());
      case Command.TellOfChild c ->
          switch (c.report()) {
            case ChildReport.Completed(var output) -> in("output", output);
            case ChildReport.Failed(var error) -> in("error.details", error.details());
            case ChildReport.NotStarted(var error) -> in("error.details", error.details());
            case ChildReport.Paused() -> List.of();
          };
      case ScheduleCommand.SetSchedule c -> in("input", c.spec().input());
      case ScheduleCommand.SwitchSchedule c -> List.of();
      case ScheduleCommand.BeginFiring c -> List.of();
      case Command.StartChild c -> List.of();
      case Command.FollowParent c -> List.of();
      case Command.StartTask c -> List.of();
      case Command.LoseLease c -> List.of();
      case Command.FireTimers c -> List.of();
      case Command.PauseExecution c -> List.of();
      case Command.ResumeExecution c -> List.of();
      case Command.CancelExecution c -> List.of();
      case Command.RetryExecution c -> List.of();
      case Command.GrantSlot c -> List.of();
    };
  }

  private static List<Reference> in(Command.CompleteTask command) {
    var found = new ArrayList<>(in("output", command.output()));
    for (int i = 0; i < command.spawn().size(); i++) {
      SpawnedTask task = command.spawn().get(i);
      found.addAll(in("spawn[" + i + "].input", task.input()));
    }
    return found;
  }

  private static List<Reference> in(String path, @Nullable Object value) {
    if (!(value instanceof Map) && !(value instanceof List)) {
      return List.of();
    }
    var found = new ArrayList<Reference>(0);
    BlobRef.forEach(path, value, (where, map) -> found.add(new Reference(where, map)));
    return found;
  }

  /** Why expressions see nothing of what this reference stands for, and what to do. */
  public static String unreadable(Map<?, ?> reference) {
    Object bytes = reference.get("bytes");
    return "the value is kept by reference (%s%s), which expressions can't look inside; pass it on"
            .formatted(reference.get(BlobRef.FIELD), bytes == null ? "" : ", " + bytes + " bytes")
        + " whole, or have the task give what is wanted of it as a small output";
  }

  /** The same of a value that may be none; null: it is none. */
  static @Nullable String unreadable(@Nullable Object value) {
    return value instanceof Map<?, ?> map && BlobRef.isReference(map) ? unreadable(map) : null;
  }
}
