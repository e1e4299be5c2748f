package dev.holdfast.grid;

import java.util.List;

/**
 * The cluster as one member sees it.
 *
 * @param size members expected
 * @param quorum members needed to take commands
 */
public record ClusterView(String name, int size, int quorum, List<Member> members) {
  /**
   * @param id Hazelcast's UUID of the member
   * @param address host and member port
   * @param httpPort 0: no gateway
   * @param owned live executions that it owns
   * @param local whether it is the one that answers
   */
  public record Member(
      String id, String address, int httpPort, int owned, boolean local, String version) {}
}
