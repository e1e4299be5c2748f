package dev.holdfast.ops;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.core.Command;
import dev.holdfast.core.Rejection;
import dev.holdfast.grid.EngineStats;
import dev.holdfast.grid.dispatch.AgentDispatcher;
import dev.holdfast.grid.dispatch.WaitingTasks;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** What a member did with commands, executions and tasks. */
public final class EngineMetrics implements MeterBinder {
  private static final double MILLIS_PER_SECOND = 1000;

  /** In place of a capability: all of them together. */
  private static final String ALL = "*";

  private final EngineStats stats;
  private final AgentDispatcher dispatcher;
  private final IntSupplier live;
  private final InstantSource clock;

  /**
   * @param live executions that the member owns and that have not ended
   * @param clock what the age of waiting tasks is measured by
   */
  public EngineMetrics(
      EngineStats stats, AgentDispatcher dispatcher, IntSupplier live, InstantSource clock) {
    this.stats = stats;
    this.dispatcher = dispatcher;
    this.live = live;
    this.clock = clock;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    bindCommands(registry);
    FunctionCounter.builder("holdfast.transitions", stats, EngineStats::transitions)
        .description("State changes applied")
        .register(registry);
    FunctionCounter.builder("holdfast.events", stats, EngineStats::events)
        .description("Events decided")
        .register(registry);
    FunctionCounter.builder("holdfast.executions.fenced", stats, EngineStats::fences)
        .description("Executions dropped from memory since another member had gone on with them")
        .register(registry);
    FunctionCounter.builder("holdfast.executions.grown.large", stats, EngineStats::grownLarge)
        .description("Executions whose state came to 80 % of the size that it may have")
        .register(registry);
    Gauge.builder("holdfast.executions.live", live::getAsInt)
        .description("Executions owned here that have not ended")
        .register(registry);
    Arrays.stream(ExecutionStatus.values())
        .filter(ExecutionStatus::isEnded)
        .forEach(status ->
            byName(
                registry,
                "holdfast.executions.ended",
                "Executions that ended, by status",
                "status",
                status.name(),
                EngineStats::ended));
    bindTasks(registry);
  }

  private void bindCommands(MeterRegistry registry) {
    for (Class<?> kind : kinds(Command.class)) {
      byName(
          registry,
          "holdfast.commands.accepted",
          "Commands that were accepted, repeats included",
          "kind",
          kind.getSimpleName(),
          EngineStats::accepted);
    }
    for (Rejection.Code code : Rejection.Code.values()) {
      byName(
          registry,
          "holdfast.commands.rejected",
          "Commands that were refused; stale-attempt: results that came too late",
          "code",
          code.text(),
          EngineStats::rejected);
    }
    FunctionCounter.builder("holdfast.commands.failed", stats, EngineStats::failures)
        .description("Commands that ended by an exception")
        .register(registry);
  }

  private static List<Class<?>> kinds(Class<?> of) {
    return Arrays.stream(of.getPermittedSubclasses())
        .flatMap(kind -> kind.isInterface() ? kinds(kind).stream() : Stream.of(kind))
        .toList();
  }

  private void bindTasks(MeterRegistry registry) {
    Gauge.builder("holdfast.tasks.ready", dispatcher.waitingTasks(), WaitingTasks::count)
        .description("Tasks that wait for an agent")
        .register(registry);
    Gauge.builder(
            "holdfast.tasks.ready.oldest",
            dispatcher.waitingTasks(),
            tasks -> ageSeconds(tasks.oldestMillis()))
        .description("How long the task that waits longest has been waiting")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("holdfast.attempts.running", dispatcher, AgentDispatcher::runningCount)
        .description("Attempts that agents hold")
        .register(registry);
    FunctionCounter.builder("holdfast.leases.lost", dispatcher, AgentDispatcher::leaseLossCount)
        .description("Attempts whose worker went away or fell silent")
        .register(registry);
    FunctionCounter.builder("holdfast.tasks.retries", stats, EngineStats::retries)
        .description("Attempts that failed and are tried again")
        .register(registry);
    bindRateLimits(registry);
  }

  private void bindRateLimits(MeterRegistry registry) {
    // Which capabilities have a limit is settled when the member starts.
    for (String capability : dispatcher.waitingTasks().rateLimited().keySet()) {
      rateLimited(registry, capability, limited -> limited.getOrDefault(capability, 0));
    }
    rateLimited(registry, ALL, limited -> limited.values().stream().mapToInt(tasks -> tasks).sum());
  }

  private void rateLimited(
      MeterRegistry registry, String capability, ToIntFunction<Map<String, Integer>> figure) {
    Gauge.builder(
            "holdfast.tasks.rate.limited",
            dispatcher.waitingTasks(),
            tasks -> figure.applyAsInt(tasks.rateLimited()))
        .description("Tasks that wait for their turn under their capability's rate limit")
        .tag("capability", capability)
        .register(registry);
  }

  private double ageSeconds(long readyAtMillis) {
    return readyAtMillis == Long.MAX_VALUE
        ? 0
        : Math.max(0, clock.millis() - readyAtMillis) / MILLIS_PER_SECOND;
  }

  /** One counter of a family that its owner keeps by name and fills as names occur. */
  private void byName(
      MeterRegistry registry,
      String meter,
      String description,
      String label,
      String name,
      Function<EngineStats, Map<String, LongAdder>> counts) {
    FunctionCounter.builder(
            meter,
            stats,
            source -> {
              LongAdder count = counts.apply(source).get(name);
              return count == null ? 0 : count.sum();
            })
        .description(description)
        .tag(label, name)
        .register(registry);
  }
}
