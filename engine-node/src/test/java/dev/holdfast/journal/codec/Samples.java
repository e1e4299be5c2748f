package dev.holdfast.journal.codec;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.FiringOutcome;
import dev.holdfast.api.OverlapPolicy;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.api.SpawnedTask;
import dev.holdfast.api.TaskError;
import dev.holdfast.core.AttemptOutcome;
import dev.holdfast.core.Event;
import dev.holdfast.core.OnLimit;
import dev.holdfast.core.ParentLink;
import dev.holdfast.core.ScheduleEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One of each kind of event, and of each way in which one can be written. */
final class Samples {
  private static final Instant LATER = Instant.parse("2026-03-02T10:00:00.5Z");
  private static final TaskError ERROR =
      new TaskError("bad-input", "page 7 is blank", Map.of("page", 7L));

  static final ScheduleSpec SPEC =
      ScheduleSpec.of("0 7 * * MON-FRI", "report")
          .zone("Europe/Berlin")
          .version(3)
          .input(Map.of("file", "ä.pdf"))
          .attributes(Map.of("team", "ops"))
          .session("s-1")
          .priority(9)
          .timeout(Duration.ofHours(2))
          .overlap(OverlapPolicy.CANCEL_OTHER)
          .catchUp(Duration.ofMinutes(10))
          .description("Before people come to work.");

  static final List<Event> ALL =
      List.of(
          new Event.ExecutionStarted(
              "invoice-review",
              3,
              document(),
              Map.of("threshold", 0.8),
              Map.of("customer", "acme"),
              "s-1",
              7,
              LATER,
              "digest",
              "ann"),
          new Event.ExecutionStarted(
              "d", 1, null, Map.of(), Map.of(), null, 0, LATER, "digest", "ann"),
          new Event.TaskReadied("extract", Map.of("file", "ä.pdf")),
          new Event.TaskReadied("extract", null),
          new Event.TaskStarted("extract", 2, -8_123_456_789_012_345_678L, "worker-1", LATER),
          new Event.TaskCompleted("extract", 2, Arrays.asList(1L, -1L, 0.5, null, true, "x")),
          new Event.VariablesSet("extract", Map.of("pages", Long.MAX_VALUE)),
          new Event.AttemptFailed("extract", 1, AttemptOutcome.TIMED_OUT, ERROR),
          new Event.AttemptFailed(
              "extract", 1, AttemptOutcome.LEASE_LOST, new TaskError("lease-lost", "gone")),
          new Event.TaskRetryScheduled("extract", LATER),
          new Event.TaskRequeued("extract"),
          new Event.TaskFailed("extract", ERROR),
          new Event.TaskSkipped("bulk", "not taken by route"),
          new Event.TaskCancelled("bulk"),
          new Event.DecisionTaken(
              "route", 1, null, List.of("lines", "bulk"), Map.of("vars.pages", 3L)),
          new Event.DecisionTaken("route", -1, "vars.pages > 100", List.of(), Map.of()),
          new Event.TaskExpanded("lines", Arrays.asList("a", null, Map.of("n", 1L))),
          new Event.TaskExpanded("lines", List.of()),
          new Event.TaskGathered("lines"),
          new Event.TasksSpawned(
              "plan",
              List.of(
                  new SpawnedTask("look", "searcher", Map.of("q", "ä"), List.of()),
                  new SpawnedTask("write", "writer", null, List.of("look", "extract")))),
          new Event.PauseRequested(
              "c-1", PauseMode.IMMEDIATE, "ann", "a look", Duration.ofHours(23), LATER),
          new Event.ExecutionPaused(),
          new Event.ExecutionResumed("c-2", "bob", "seen", true, LATER),
          new Event.ExecutionResumed(null, "auto-resume", null, false, LATER),
          new Event.CancelRequested("c-3", "ann", null),
          new Event.ExecutionCancelled(),
          new Event.ExecutionCompleted(Map.of("settled", true)),
          new Event.ExecutionFailed(ERROR),
          new Event.ExecutionTimedOut(),
          new Event.ExecutionRetried("c-4", "ann", List.of("extract"), LATER),
          new Event.ApprovalRequested("settle", Map.of("sum", 12.5), LATER),
          new Event.ApprovalRequested("settle", null, null),
          new Event.ApprovalDecided("c-5", "settle", true, "ann", "checked", null),
          new Event.ApprovalDecided("c-6", "settle", false, "bob", null, List.of("page 7")),
          new Event.TaskPassed("settle", Map.of("settled", true)),
          new Event.ExecutionStarted(
              "settlement",
              2,
              Map.of("sum", 12.5),
              Map.of(),
              Map.of(),
              null,
              5,
              LATER,
              "digest",
              "ann",
              new ParentLink("order-1", "settle", 2, 1)),
          new Event.ChildStarted("settle", 2, -17L, "order-1/settle/2", "settlement", 3, LATER),
          new Event.SlotAwaited("acme", 3, OnLimit.CANCEL_RUNNING),
          new Event.SlotGranted(LATER),
          new Event.ChildPaused("settle", 2),
          new Event.TaskDelayed("remind", LATER),
          new Event.SignalAwaited("ship", "paid", LATER),
          new Event.SignalAwaited("ship", "paid", null),
          new Event.SignalReceived("s-1", "paid", Map.of("sum", 12.5), "shop"),
          new Event.SignalTaken("ship", "paid", "s-1"),
          new Event.StateGrewLarge(8_388_608, 10_485_760),
          new Event.HookBegan("onPause"),
          new Event.CompensationBegan(List.of("charge", "lines[3]"), ERROR, LATER),
          new Event.TeardownBegan(ExecutionStatus.COMPLETED, Map.of("settled", true), null, LATER),
          new Event.TeardownBegan(ExecutionStatus.TIMED_OUT, null, ERROR, LATER),
          new ScheduleEvent.ScheduleSet(SPEC, LATER, "ann"),
          new ScheduleEvent.ScheduleSet(ScheduleSpec.of("@daily", "report"), null, "ann"),
          new ScheduleEvent.ScheduleSwitched("c-7", ScheduleStatus.PAUSED, "ann", "a look"),
          new ScheduleEvent.ScheduleSwitched("c-8", ScheduleStatus.DELETED, "ann", null),
          new ScheduleEvent.TimesCame(
              List.of(LATER),
              List.of(
                  new ScheduleEvent.PassedOver(LATER, LATER, 1, FiringOutcome.SUPERSEDED),
                  new ScheduleEvent.PassedOver(LATER, LATER, 1000, FiringOutcome.MISSED)),
              "nightly/2026-03-01T10:00:00Z",
              LATER),
          new ScheduleEvent.TimesCame(List.of(), List.of(), null, null),
          new ScheduleEvent.FiringBegan(
              4, LATER, -17L, "nightly/2026-03-02T10:00:00Z", "report", 3),
          new ScheduleEvent.FiringEnded(4, FiringOutcome.COMPLETED, null),
          new ScheduleEvent.FiringEnded(5, FiringOutcome.FAILED, ERROR));

  private Samples() {}

  private static Map<String, @Nullable Object> document() {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("file", "a.pdf");
    document.put("nothing", null);
    document.put("nested", List.of(Map.of("深", List.of()), Map.of(), "\uD83D\uDE00"));
    document.put("small", Long.MIN_VALUE);
    document.put("double", 1.0e-300);
    return Collections.unmodifiableMap(document);
  }
}
