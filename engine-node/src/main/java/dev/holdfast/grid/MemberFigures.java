package dev.holdfast.grid;

import java.nio.ByteBuffer;

/** What a member tells the others of itself. The fields are those of {@link ClusterView.Member}. */
record MemberFigures(
    int owned,
    int readyTasks,
    long readyOldestSeconds,
    int journalBacklog,
    int damaged,
    long unsettled,
    long fenced,
    int migrationsRemaining) {
  static final MemberFigures UNKNOWN = new MemberFigures(0, 0, 0, 0, 0, 0, 0, 0);
  private static final int BYTES = 5 * Integer.BYTES + 3 * Long.BYTES;

  byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .putInt(owned)
        .putInt(readyTasks)
        .putLong(readyOldestSeconds)
        .putInt(journalBacklog)
        .putInt(damaged)
        .putLong(unsettled)
        .putLong(fenced)
        .putInt(migrationsRemaining)
        .array();
  }

  static MemberFigures decode(byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    return new MemberFigures(
        in.getInt(),
        in.getInt(),
        in.getLong(),
        in.getInt(),
        in.getInt(),
        in.getLong(),
        in.getLong(),
        in.getInt());
  }
}
