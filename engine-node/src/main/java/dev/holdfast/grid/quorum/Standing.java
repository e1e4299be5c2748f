package dev.holdfast.grid.quorum;

import dev.holdfast.grid.ClusterState;

/**
 * How this member stands in its cluster.
 *
 * @param state {@code WAITING}, {@code OPEN} or {@code NO_QUORUM}
 * @param epoch under which members decide; 0: none at the moment
 * @param present members that it sees, itself included
 * @param needed members that have to see each other
 * @param detail for a person: what is being waited for; empty when nothing is
 */
public record Standing(ClusterState state, long epoch, int present, int needed, String detail) {}
