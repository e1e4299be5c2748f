package dev.holdfast.grid.quorum;

import java.nio.ByteBuffer;

/**
 * A member's answer to a {@link Proposal}.
 *
 * @param promised whether it gave the promise, and has it on its disk
 * @param highest the highest epoch that it has promised so far
 * @param clusterSize members that it was told to expect
 * @param seats of the open cluster that it is in
 */
record Vote(boolean promised, long highest, int clusterSize, Seats seats) {
  private static final int BYTES = 2 + Long.BYTES + 2 * Integer.BYTES;

  byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .put(flag(promised))
        .putLong(highest)
        .putInt(clusterSize)
        .putInt(seats.count())
        .put(flag(seats.forced()))
        .array();
  }

  static Vote decode(byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    return new Vote(
        in.get() != 0, in.getLong(), in.getInt(), new Seats(in.getInt(), in.get() != 0));
  }

  static byte flag(boolean value) {
    return (byte) (value ? 1 : 0);
  }
}
