package dev.holdfast.grid;

/**
 * What became of partitions on this member since its start.
 *
 * @param owned that it has taken over and not given up
 * @param backedUp of which it has the copy
 * @param executionsBackedUp executions in those
 * @param taken that came to it, and whose executions it rebuilt what it derives of
 * @param given that went to other members
 */
public record PartitionFigures(
    int owned, int backedUp, int executionsBackedUp, long taken, long given) {}
