package dev.holdfast.grid.quorum;

import java.nio.ByteBuffer;

/**
 * A member's answer to a {@link Proposal}.
 *
 * @param promised whether it gave the promise, and has it on its disk
 * @param highest the highest epoch that it has promised so far
 * @param clusterSize members that it was told to expect
 * @param seats of the open cluster that it is in
 * @param lost whether it knows that executions went with members that are gone, so that the
 *     cluster's memory has to be put together again
 */
record Vote(boolean promised, long highest, int clusterSize, Seats seats, boolean lost) {
  private static final int BYTES = 3 + Long.BYTES + 2 * Integer.BYTES;

  byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .put(flag(promised))
        .putLong(highest)
        .putInt(clusterSize)
        .putInt(seats.count())
        .put(flag(seats.forced()))
        .put(flag(lost))
        .array();
  }

  static Vote decode(byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    return new Vote(
        in.get() != 0,
        in.getLong(),
        in.getInt(),
        new Seats(in.getInt(), in.get() != 0),
        in.get() != 0);
  }

  static byte flag(boolean value) {
    return (byte) (value ? 1 : 0);
  }
}
