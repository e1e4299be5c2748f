package dev.holdfast.grid.quorum;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The votes on one proposal, and what they come to. Not thread-safe. */
final class Election {
  private final Proposal proposal;
  private final int listSize;
  private final boolean shared;
  private final boolean forced;
  private final Map<UUID, Vote> votes = new HashMap<>();

  /**
   * @param listSize members that are asked
   * @param shared whether all members have one store, so that a quorum of them has all executions
   * @param forced whether an operator wants the cluster open with the members that are there
   */
  Election(Proposal proposal, int listSize, boolean shared, boolean forced) {
    this.proposal = proposal;
    this.listSize = listSize;
    this.shared = shared;
    this.forced = forced;
  }

  Proposal proposal() {
    return proposal;
  }

  void add(UUID member, Vote vote) {
    votes.put(member, vote);
  }

  boolean hasVoteOf(UUID member) {
    Vote vote = votes.get(member);
    return vote != null && vote.promised();
  }

  /** The highest epoch that any of them has promised. */
  long highest() {
    return votes.values().stream().mapToLong(Vote::highest).max().orElse(0);
  }

  /**
   * Whether somebody refuses who has promised as high an epoch before. It can have been this very
   * one: members that share a store share its promises, so one that starts after the proposal was
   * made finds it promised.
   */
  boolean isOutbid() {
    return votes.values().stream()
        .anyMatch(vote -> !vote.promised() && vote.highest() >= proposal.epoch());
  }

  /** What is to be adopted; empty as long as there are too few promises. */
  Optional<Adoption> result() {
    Seats open = openSeats();
    int clusterSize = votes.values().stream().mapToInt(Vote::clusterSize).max().orElse(0);
    long promises = votes.values().stream().filter(Vote::promised).count();
    int counted = forced ? listSize : open.isOpen() ? open.count() : clusterSize;
    if (promises < Seats.quorumOf(counted)) {
      return Optional.empty();
    }
    // Whether the cluster is open already may be known to one member alone.
    if (!open.isOpen() && votes.size() < listSize) {
      return Optional.empty();
    }
    boolean shorthanded = (forced || open.forced()) && listSize < clusterSize;
    var seats = new Seats(shorthanded ? listSize : Math.max(clusterSize, listSize), shorthanded);
    return Optional.of(
        new Adoption(
            proposal.epoch(), proposal.listVersion(), seats, phase(open.isOpen(), clusterSize)));
  }

  /** Where members differ, as after one has not heard of the last change: the most cautious. */
  private Seats openSeats() {
    // Whoever knows of a loss is right: the others have not looked.
    if (votes.values().stream().anyMatch(Vote::lost)) {
      return Seats.NONE;
    }
    return votes.values().stream()
        .map(Vote::seats)
        .reduce(
            Seats.NONE,
            (a, b) -> new Seats(Math.max(a.count(), b.count()), a.forced() || b.forced()));
  }

  private Phase phase(boolean open, int clusterSize) {
    if (open) {
      return Phase.OPEN;
    }
    int needed = shared ? Seats.quorumOf(clusterSize) : clusterSize;
    return forced || listSize >= needed ? Phase.INSTALLING : Phase.WAITING;
  }
}
