package dev.holdfast.journal;

/**
 * What the journal has done since it was opened.
 *
 * @param entries entries made durable
 * @param events events in them
 * @param payloadBytes encoded bytes of those events
 * @param commits commits that carried them
 * @param batchMax entries of the largest commit
 * @param commitNanos time spent in commits
 * @param commitNanosMax the longest commit
 * @param failedCommits commits that the store refused
 * @param fenced entries that were refused for good
 * @param backlog entries that wait for a commit now
 */
public record JournalStats(
    long entries,
    long events,
    long payloadBytes,
    long commits,
    long batchMax,
    long commitNanos,
    long commitNanosMax,
    long failedCommits,
    long fenced,
    int backlog) {}
