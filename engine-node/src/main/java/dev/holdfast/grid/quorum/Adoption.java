package dev.holdfast.grid.quorum;

import java.nio.ByteBuffer;

/**
 * The master says what a quorum has promised, and how far the cluster is.
 *
 * @param listVersion of the member list that the epoch is for
 * @param seats what the next quorum is counted by
 */
record Adoption(long epoch, int listVersion, Seats seats, Phase phase) {
  private static final int BYTES = Long.BYTES + 2 * Integer.BYTES + 2;

  byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .putLong(epoch)
        .putInt(listVersion)
        .putInt(seats.count())
        .put(Vote.flag(seats.forced()))
        .put((byte) phase.ordinal())
        .array();
  }

  static Adoption decode(byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    return new Adoption(
        in.getLong(), in.getInt(), new Seats(in.getInt(), in.get() != 0), Phase.of(in.get()));
  }
}
