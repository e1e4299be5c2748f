package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.ResumeReason;
import dev.holdfast.api.ResumeReason.Severity;
import dev.holdfast.core.Command.ResumeExecution;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.PendingWork;
import dev.holdfast.core.Plan;
import dev.holdfast.core.Rejection;
import dev.holdfast.grid.Dispatcher.AgentInfo;
import dev.holdfast.journal.DamagedException;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.StateStore.CheckpointInfo;
import dev.holdfast.journal.StoreException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at an execution before somebody's wish lets it go on after a pause: what would make that
 * wrong (errors), and what it would only come to wait for, or fail at (warnings). Runs on the
 * execution's owner. Blocks; thread-safe.
 */
final class ResumeChecks {
  /** Reasons that are given at most; a task each, of executions of a thousand. */
  static final int REASONS_MAX = 100;

  private static final int PAGE = 1000;
  private static final Logger LOG = LoggerFactory.getLogger(ResumeChecks.class);

  private final StateStore store;
  private final Definitions definitions;
  private final Function<String, List<AgentInfo>> agents;

  /**
   * @param store the owner's
   * @param agents all that are known of a tenant's, by any member; blocks
   */
  ResumeChecks(
      StateStore store, Definitions definitions, Function<String, List<AgentInfo>> agents) {
    this.store = store;
    this.definitions = definitions;
    // Of a batch, each of hundreds of executions asks at once.
    this.agents = new SharedQuestions<>(agents);
  }

  /** Whether the command would let this execution go on. */
  static boolean isAbout(ExecutionState state, ResumeExecution command) {
    return (state.status() == ExecutionStatus.PAUSED || state.status() == ExecutionStatus.PAUSING)
        && !state.recentCommands().contains(command.commandId());
  }

  /**
   * Why the execution is not resumed; null: it may be.
   *
   * @param entry durable, and this member's own
   */
  @Nullable Rejection refusal(ExecutionEntry entry, ResumeExecution command) {
    if (!isAbout(entry.state(), command)) {
      return null;
    }
    try {
      var reasons = new ArrayList<>(errors(entry));
      if (!command.force()) {
        reasons.addAll(warnings(entry.state()));
      }
      return reasons.isEmpty() ? null : refused(entry.state().key(), reasons);
    } catch (StoreException e) {
      LOG.debug("{} can't be looked at before a resume", entry.state().key(), e);
      return new Rejection(
          Rejection.Code.UNAVAILABLE,
          "nobody can say at the moment whether it may be resumed: " + e.getMessage());
    }
  }

  /** Of an execution that can't even be read. */
  static Rejection refused(ExecutionKey key, DamagedException damage) {
    return refused(key, List.of(broken(damage.what())));
  }

  private static Rejection refused(ExecutionKey key, List<ResumeReason> reasons) {
    long errors = reasons.stream().filter(one -> one.severity() == Severity.ERROR).count();
    String what =
        errors > 0
            ? "it can't be resumed, by force neither"
            : "nothing was changed; 'force' resumes it all the same";
    LOG.debug("execution {} is not resumed: {}", key, reasons);
    return new Rejection(
        Rejection.Code.RESUME_REFUSED,
        "%s: %s%s"
            .formatted(
                what,
                reasons.getFirst().message(),
                reasons.size() == 1 ? "" : ", and " + (reasons.size() - 1) + " more"),
        reasons.subList(0, Math.min(REASONS_MAX, reasons.size())));
  }

  private List<ResumeReason> errors(ExecutionEntry entry) {
    var errors = new ArrayList<ResumeReason>();
    Plan plan = entry.state().plan();
    String tenant = entry.state().key().tenant();
    if (definitions.plan(tenant, plan.name(), plan.version()).isEmpty()) {
      errors.add(
          new ResumeReason(
              Severity.ERROR,
              "definition-missing",
              null,
              "its definition " + plan + " is not registered any more"));
    }
    try {
      ofState(entry).ifPresent(errors::add);
    } catch (DamagedException e) {
      errors.add(broken(e.what()));
    }
    return errors;
  }

  /** What is in memory has to be what the store has, and what the newest events lead to. */
  private Optional<ResumeReason> ofState(ExecutionEntry entry) {
    ExecutionKey key = entry.state().key();
    long seq = entry.state().seq();
    ExecutionEntry kept = store.readBack(key, definitions).orElse(null);
    if (kept == null || kept.state().seq() < seq || !agree(kept, entry)) {
      return Optional.of(
          new ResumeReason(
              Severity.ERROR,
              "state-unconfirmed",
              null,
              "the store does not have it as it is in memory at event %d, but %s"
                  .formatted(seq, kept == null ? "not at all" : "at event " + kept.state().seq())));
    }
    return chain(key, store.latestCheckpoint(key).map(CheckpointInfo::seq).orElse(0L), entry);
  }

  /** Whether two of one seq are one; what has come to the store since says nothing. */
  private static boolean agree(ExecutionEntry kept, ExecutionEntry entry) {
    return kept.state().seq() > entry.state().seq() || Arrays.equals(kept.hash(), entry.hash());
  }

  /**
   * The events after that one, as far as this store has them: where each member has a disk, the
   * older ones may still be on their way to the owner, who has the state itself.
   */
  private Optional<ResumeReason> chain(ExecutionKey key, long after, ExecutionEntry entry) {
    long last = entry.state().seq();
    long seen = 0;
    while (seen < last) {
      List<HistoryItem> items = store.history(key, Math.max(after, seen), PAGE);
      for (HistoryItem item : items) {
        if (seen != 0 && item.seq() != seen + 1) {
          return Optional.of(broken("event " + (seen + 1) + " is missing"));
        }
        seen = item.seq();
        if (seen == last && !Arrays.equals(item.hash(), entry.hash())) {
          return Optional.of(broken("event " + seen + " has another hash than it had"));
        }
      }
      if (items.size() < PAGE) {
        break;
      }
    }
    return Optional.empty();
  }

  private static ResumeReason broken(String what) {
    return new ResumeReason(
        Severity.ERROR, "chain-broken", null, "the chain of its events does not hold: " + what);
  }

  private List<ResumeReason> warnings(ExecutionState state) {
    PendingWork pending = PendingWork.of(state);
    var warnings = new ArrayList<ResumeReason>();
    List<AgentInfo> known =
        pending.agents().isEmpty() ? List.of() : agents.apply(state.key().tenant());
    for (PendingWork.ForAgent task : pending.agents()) {
      ResumeReason warning = ofAgent(task, known);
      if (warning != null) {
        warnings.add(warning);
      }
    }
    for (PendingWork.ForWorkflow task : pending.workflows()) {
      if (definitions.plan(state.key().tenant(), task.definition(), task.version()).isEmpty()) {
        warnings.add(
            new ResumeReason(
                Severity.WARNING,
                "no-workflow",
                task.task(),
                "task '%s' is carried out by the workflow %s%s, which is not registered"
                    .formatted(
                        task.task(),
                        task.definition(),
                        task.version() == null ? "" : " v" + task.version())));
      }
    }
    return warnings;
  }

  private static @Nullable ResumeReason ofAgent(PendingWork.ForAgent task, List<AgentInfo> known) {
    List<AgentInfo> able =
        known.stream().filter(agent -> agent.capabilities().contains(task.capability())).toList();
    if (able.isEmpty()) {
      return new ResumeReason(
          Severity.WARNING,
          "no-agent",
          task.task(),
          "task '%s' needs an agent for '%s', and none is known"
              .formatted(task.task(), task.capability()));
    }
    if (able.stream()
        .noneMatch(agent -> agent.labels().entrySet().containsAll(task.requires().entrySet()))) {
      return new ResumeReason(
          Severity.WARNING,
          "no-agent-with-labels",
          task.task(),
          "task '%s' needs an agent for '%s' with the labels %s, and none that is known has them"
              .formatted(task.task(), task.capability(), task.requires()));
    }
    return null;
  }
}
