package dev.holdfast.grid.reach.news;

import java.util.List;

/**
 * What a member had wished to be told.
 *
 * @param missed whether events before these could not be told
 * @param events in the order in which they became durable
 * @param ended executions that have ended, as {@code tenant/id}
 * @param work what has begun to wait
 */
record News(boolean missed, List<Told> events, List<String> ended, List<Work> work) {
  /**
   * Events of one transition.
   *
   * @param execution {@code tenant/id}
   * @param previousHash the chain's head before them
   * @param payload as the journal encodes them
   */
  record Told(String execution, byte[] previousHash, byte[] payload) {}

  /**
   * @param count tasks
   */
  record Work(Demand demand, int count) {}

  /**
   * @param unwanted work for which nobody waits any more
   */
  record Reply(List<Demand> unwanted) {}
}
