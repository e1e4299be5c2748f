package dev.holdfast.client.wire;

import java.io.InputStream;
import java.util.Objects;

/** Content as a stream that has one piece of it in memory. For one thread at a time. */
public abstract class PieceStream extends InputStream {
  private byte[] piece = {};
  private int at;
  private boolean ended;

  /** The piece that follows; empty: there is none. Asked for once it is needed. */
  protected abstract byte[] next();

  private boolean isAtEnd() {
    if (at == piece.length && !ended) {
      piece = next();
      at = 0;
      ended = piece.length == 0;
    }
    return at == piece.length;
  }

  @Override
  public final int read() {
    return isAtEnd() ? -1 : piece[at++] & 0xff;
  }

  @Override
  public final int read(byte[] to, int offset, int count) {
    Objects.checkFromIndexSize(offset, count, to.length);
    if (count == 0) {
      return 0;
    }
    if (isAtEnd()) {
      return -1;
    }
    int some = Math.min(count, piece.length - at);
    System.arraycopy(piece, at, to, offset, some);
    at += some;
    return some;
  }
}
