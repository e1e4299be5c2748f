package dev.holdfast.grid.quorum;

import java.nio.ByteBuffer;

/**
 * The master asks for the promise to go by no lower epoch.
 *
 * @param listVersion of the member list that the epoch is for
 */
record Proposal(long epoch, int listVersion) {
  private static final int BYTES = Long.BYTES + Integer.BYTES;

  byte[] encode() {
    return ByteBuffer.allocate(BYTES).putLong(epoch).putInt(listVersion).array();
  }

  static Proposal decode(byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    return new Proposal(in.getLong(), in.getInt());
  }
}
