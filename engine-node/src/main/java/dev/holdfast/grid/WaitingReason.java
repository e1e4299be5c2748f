package dev.holdfast.grid;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Gate;
import dev.holdfast.core.Gates;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.PlannedTask.AgentTask;
import dev.holdfast.core.Slot;
import dev.holdfast.core.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says why a task that could go on is not running, in one of a few forms that programs may rely on:
 * {@code agent: …} (nobody known could take it), {@code free agent: …}, {@code rate limit: …},
 * {@code approval}, {@code approval: ROLES}, {@code signal: NAME}, {@code signal: NAME until TIME},
 * {@code timer: until TIME}, {@code concurrency key: KEY}, {@code paused}. Work that nobody can
 * take is never left silent (DESIGN §7).
 */
final class WaitingReason {
  private WaitingReason() {}

  /**
   * The reason; null: the task waits for nothing, or only for other tasks.
   *
   * @param agents all that are known; asked for ready tasks alone; null: nobody can tell
   * @param rateLimit a capability's; null: it has none
   */
  static @Nullable String of(
      ExecutionState state,
      PlannedTask planned,
      TaskState task,
      Supplier<@Nullable List<Dispatcher.AgentInfo>> agents,
      Function<String, @Nullable RateLimit> rateLimit) {
    if (task.status().isEnded()) {
      return null;
    }
    if (state.waitsForSlot() && state.slot() instanceof Slot slot && planned.needs().isEmpty()) {
      return "concurrency key: " + slot.key();
    }
    return switch (task.gate()) {
      case Gate.Delayed gate -> "timer: until " + gate.until();
      case Gate.AwaitingSignal gate -> signal(planned.gates().signal(), gate.until());
      case Gate.AwaitingApproval _ -> approval(PendingApprovals.approvers(planned));
      case Gate.Decided _ -> agent(state, planned, task, agents, rateLimit);
      case null -> agent(state, planned, task, agents, rateLimit);
    };
  }

  private static String signal(Gates.@Nullable Signal signal, @Nullable Instant until) {
    return "signal: "
        + (signal == null ? "" : signal.name())
        + (until == null ? "" : " until " + until);
  }

  private static String approval(List<String> approvers) {
    return approvers.isEmpty() ? "approval" : "approval: " + String.join(", ", approvers);
  }

  private static @Nullable String agent(
      ExecutionState state,
      PlannedTask planned,
      TaskState task,
      Supplier<@Nullable List<Dispatcher.AgentInfo>> agents,
      Function<String, @Nullable RateLimit> rateLimit) {
    if (task.status() != TaskStatus.READY || !(planned.kind() instanceof AgentTask wanted)) {
      return null;
    }
    if (state.status() == ExecutionStatus.PAUSING || state.status() == ExecutionStatus.PAUSED) {
      return "paused";
    }
    List<Dispatcher.AgentInfo> known = agents.get();
    if (known == null) {
      return null;
    }
    boolean able =
        known.stream()
            .anyMatch(agent -> UnservedWork.canTake(agent, wanted.capability(), wanted.requires()));
    RateLimit limit = rateLimit.apply(wanted.capability());
    if (able && limit != null) {
      return "rate limit: capability " + wanted.capability() + " at " + limit;
    }
    return (able ? "free agent: capability " : "agent: capability ")
        + wanted.capability()
        + labels(wanted.requires());
  }

  private static String labels(Map<String, String> requires) {
    return requires.isEmpty()
        ? ""
        : new TreeMap<>(requires)
            .entrySet().stream()
                .map(label -> label.getKey() + '=' + label.getValue())
                .collect(Collectors.joining(", ", " with ", ""));
  }
}
