package dev.holdfast.grid.quorum;

/**
 * By how many members the next quorum is counted.
 *
 * @param count members, of which more than half are a quorum; 0: the member that says so is in no
 *     open cluster
 * @param forced whether an operator opened the cluster with fewer members than it should have
 */
record Seats(int count, boolean forced) {
  static final Seats NONE = new Seats(0, false);

  boolean isOpen() {
    return count > 0;
  }

  static int quorumOf(int members) {
    return members / 2 + 1;
  }
}
