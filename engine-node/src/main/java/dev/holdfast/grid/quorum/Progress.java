package dev.holdfast.grid.quorum;

import java.nio.ByteBuffer;

/**
 * A member's answer to an {@link Adoption}.
 *
 * @param highest the highest epoch that it has promised so far
 */
record Progress(Step step, long highest) {
  /** What became of the adoption. */
  enum Step {
    /** It sees another member list, or has promised a higher epoch. */
    REFUSED,
    /** Adopted; it still brings in what it has. */
    WORKING,
    /** Adopted, and nothing is left to do in this phase. */
    DONE;

    private static final Step[] ALL = values();
  }

  private static final int BYTES = 1 + Long.BYTES;

  byte[] encode() {
    return ByteBuffer.allocate(BYTES).put((byte) step.ordinal()).putLong(highest).array();
  }

  static Progress decode(byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    return new Progress(Step.ALL[in.get()], in.getLong());
  }
}
