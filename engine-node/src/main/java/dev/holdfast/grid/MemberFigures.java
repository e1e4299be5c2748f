package dev.holdfast.grid;

import java.nio.ByteBuffer;

/** What a member tells the others of itself. The fields are those of {@link ClusterView.Member}. */
record MemberFigures(int owned, int readyTasks, int journalBacklog, int damaged) {
  static final MemberFigures UNKNOWN = new MemberFigures(0, 0, 0, 0);
  private static final int BYTES = 4 * Integer.BYTES;

  byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .putInt(owned)
        .putInt(readyTasks)
        .putInt(journalBacklog)
        .putInt(damaged)
        .array();
  }

  static MemberFigures decode(byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    return new MemberFigures(in.getInt(), in.getInt(), in.getInt(), in.getInt());
  }
}
