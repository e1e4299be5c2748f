package dev.holdfast.grid;

import java.nio.ByteBuffer;

/** What a member tells the others of itself. The fields are those of {@link ClusterView.Member}. */
record MemberFigures(int owned, int readyTasks, int journalBacklog, int damaged, long unsettled) {
  static final MemberFigures UNKNOWN = new MemberFigures(0, 0, 0, 0, 0);
  private static final int BYTES = 4 * Integer.BYTES + Long.BYTES;

  byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .putInt(owned)
        .putInt(readyTasks)
        .putInt(journalBacklog)
        .putInt(damaged)
        .putLong(unsettled)
        .array();
  }

  static MemberFigures decode(byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    return new MemberFigures(in.getInt(), in.getInt(), in.getInt(), in.getInt(), in.getLong());
  }
}
