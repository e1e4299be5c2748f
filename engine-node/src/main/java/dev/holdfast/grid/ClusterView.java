package dev.holdfast.grid;

import java.util.List;

/**
 * The cluster as one member sees it.
 *
 * @param size members expected
 * @param quorum members needed to take commands
 * @param state whether commands are taken
 * @param detail for a person: what is being waited for; empty when nothing is
 * @param epoch under which the members decide; 0: none at the moment
 * @param missing members expected and not there
 */
public record ClusterView(
    String name,
    int size,
    int quorum,
    ClusterState state,
    String detail,
    long epoch,
    int missing,
    List<Member> members) {
  /** Copies the list. */
  public ClusterView {
    members = List.copyOf(members);
  }

  /**
   * @param id Hazelcast's UUID of the member
   * @param address host and member port
   * @param httpPort 0: no gateway
   * @param owned live executions that it owns
   * @param local whether it is the one that answers
   * @param answering whether it said so itself just now; its figures are from when it last did
   * @param readyTasks tasks of its executions that wait for an agent
   * @param readyOldestSeconds how long the one that waits longest has been waiting, whole seconds;
   *     0 where none waits
   * @param journalBacklog transitions that wait for a commit of its store
   * @param damaged entries of its store that were found damaged at its start and left out
   * @param unsettled executions of which not every disk has all events that should, as far as it
   *     knows; 0 where members share a store
   * @param fenced executions dropped from its memory since its start, for another member had gone
   *     on with them
   * @param migrationsRemaining partitions that the run of migrations under way still has to move,
   *     as far as it knows
   */
  public record Member(
      String id,
      String address,
      int httpPort,
      int owned,
      boolean local,
      String version,
      boolean answering,
      int readyTasks,
      long readyOldestSeconds,
      int journalBacklog,
      int damaged,
      long unsettled,
      long fenced,
      int migrationsRemaining) {}
}
