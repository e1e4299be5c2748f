package dev.holdfast.ops;

import dev.holdfast.journal.GroupCommitJournal;
import dev.holdfast.journal.JournalStats;
import dev.holdfast.journal.StateStore;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What the journal and the store under it did. */
public final class JournalMetrics implements MeterBinder {
  private static final double NANOS_PER_SECOND = 1e9;

  private final GroupCommitJournal journal;
  private final Supplier<JournalStats> stats;
  private final StateStore store;

  public JournalMetrics(GroupCommitJournal journal, StateStore store) {
    this.journal = journal;
    this.stats = journal::stats;
    this.store = store;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    count(registry, "entries", "Transitions made durable", JournalStats::entries);
    count(registry, "events", "Events made durable", JournalStats::events);
    FunctionCounter.builder(
            "holdfast.journal.payload", stats, source -> source.get().payloadBytes())
        .description("Encoded size of the events made durable")
        .baseUnit("bytes")
        .register(registry);
    FunctionTimer.builder(
            "holdfast.journal.commit",
            stats,
            source -> source.get().commits(),
            source -> source.get().commitNanos(),
            TimeUnit.NANOSECONDS)
        .description("Commits and the time they took")
        .register(registry);
    Gauge.builder(
            "holdfast.journal.commit.longest",
            stats,
            source -> source.get().commitNanosMax() / NANOS_PER_SECOND)
        .description("The longest commit since the start")
        .baseUnit("seconds")
        .register(registry);
    count(
        registry,
        "commits.failed",
        "Commits that the store refused; they are tried again",
        JournalStats::failedCommits);
    count(
        registry,
        "entries.fenced",
        "Transitions refused since another member had taken the execution over",
        JournalStats::fenced);
    Gauge.builder("holdfast.journal.backlog", stats, source -> source.get().backlog())
        .description("Transitions that wait for a commit")
        .register(registry);
    Gauge.builder(
            "holdfast.journal.backlog.oldest",
            journal,
            source -> source.oldestWaitingNanos() / NANOS_PER_SECOND)
        .description("How long the transition that waits longest has been waiting for its commit")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("holdfast.journal.unconfirmed", journal, GroupCommitJournal::unconfirmedCount)
        .description("Transitions that wait for the disk of the member that backs them up")
        .register(registry);
    Gauge.builder("holdfast.journal.healthy", journal, source -> source.isHealthy() ? 1 : 0)
        .description("1 while commits succeed, else 0")
        .register(registry);
    FunctionCounter.builder("holdfast.checkpoints", store, StateStore::checkpointCount)
        .description("Checkpoints taken")
        .register(registry);
    Gauge.builder("holdfast.store.size", store, StateStore::sizeBytes)
        .description("What the store takes on its medium")
        .baseUnit("bytes")
        .register(registry);
  }

  private void count(
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<JournalStats> figure) {
    FunctionCounter.builder(
            "holdfast.journal." + name, stats, source -> figure.applyAsDouble(source.get()))
        .description(description)
        .register(registry);
  }
}
