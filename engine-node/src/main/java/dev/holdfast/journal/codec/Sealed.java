package dev.holdfast.journal.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.zip.CRC32C;

/**
 * Wraps bytes for storing: compressed where that pays, with a checksum by which damage shows. The
 * form is: format (1 byte), compression (1 byte: 0 none, 1 zstd), CRC-32C of what follows (4
 * bytes), then the bytes. Thread-safe.
 */
public final class Sealed {
  private static final byte FORMAT = 1;
  private static final byte PLAIN = 0;
  private static final byte ZSTD = 1;
  private static final int HEADER_BYTES = 6;

  /** Below this, compression saves less than it costs. */
  private static final int COMPRESSED_BYTES_MIN = 128;

  private static final int LEVEL = 1;

  /** What one sealed item may come to: far above all that is stored, and within memory. */
  private static final int BYTES_MAX = 256 << 20;

  private static final Contexts<ZstdCompressCtx> COMPRESSORS =
      new Contexts<>(() -> new ZstdCompressCtx().setLevel(LEVEL));
  private static final Contexts<ZstdDecompressCtx> DECOMPRESSORS =
      new Contexts<>(ZstdDecompressCtx::new);

  private Sealed() {}

  /**
   * Contexts of the native library, each of which takes longer to make than a small item to pack.
   * Not by thread: virtual threads read too.
   */
  private static final class Contexts<C extends AutoCloseable> {
    private static final int KEPT_MAX = 8;

    private final ArrayBlockingQueue<C> idle = new ArrayBlockingQueue<>(KEPT_MAX);
    private final Supplier<C> maker;

    Contexts(Supplier<C> maker) {
      this.maker = maker;
    }

    int use(ToIntFunction<C> work) {
      C pooled = idle.poll();
      C context = pooled == null ? maker.get() : pooled;
      try {
        return work.applyAsInt(context);
      } finally {
        if (!idle.offer(context)) {
          close(context);
        }
      }
    }

    private static void close(AutoCloseable context) {
      try {
        context.close();
      } catch (Exception e) {
        throw new IllegalStateException("closing a context of zstd throws nothing", e);
      }
    }
  }

  /**
   * Loads the native library, which costs a fifth of a second of CPU time at the first use. For who
   * is about to have others wait for it.
   */
  public static void load() {
    open(seal(new byte[COMPRESSED_BYTES_MIN]));
  }

  /** The wrapped form. */
  public static byte[] seal(byte[] bytes) {
    if (bytes.length >= COMPRESSED_BYTES_MIN) {
      byte[] buffer = new byte[HEADER_BYTES + (int) Zstd.compressBound(bytes.length)];
      int length =
          COMPRESSORS.use(compressor ->
              compressor.compressByteArray(
                  buffer, HEADER_BYTES, buffer.length - HEADER_BYTES, bytes, 0, bytes.length));
      if (length > 0 && length < bytes.length) {
        return header(Arrays.copyOf(buffer, HEADER_BYTES + length), ZSTD);
      }
    }
    byte[] sealed = new byte[HEADER_BYTES + bytes.length];
    System.arraycopy(bytes, 0, sealed, HEADER_BYTES, bytes.length);
    return header(sealed, PLAIN);
  }

  private static byte[] header(byte[] sealed, byte compression) {
    sealed[0] = FORMAT;
    sealed[1] = compression;
    ByteBuffer.wrap(sealed).putInt(2, checksum(sealed));
    return sealed;
  }

  private static int checksum(byte[] sealed) {
    var crc = new CRC32C();
    crc.update(sealed[1]);
    crc.update(sealed, HEADER_BYTES, sealed.length - HEADER_BYTES);
    return (int) crc.getValue();
  }

  /**
   * The bytes that were wrapped.
   *
   * @throws CodecException when they are damaged, or of a newer format
   */
  public static byte[] open(byte[] sealed) {
    if (sealed.length < HEADER_BYTES) {
      throw new CodecException("only " + sealed.length + " bytes");
    }
    if (sealed[0] != FORMAT) {
      throw new CodecException("unknown format " + sealed[0]);
    }
    if (ByteBuffer.wrap(sealed).getInt(2) != checksum(sealed)) {
      throw new CodecException("checksum does not hold");
    }
    if (sealed[1] == PLAIN) {
      return Arrays.copyOfRange(sealed, HEADER_BYTES, sealed.length);
    }
    return decompress(sealed);
  }

  private static byte[] decompress(byte[] sealed) {
    long size = Zstd.getFrameContentSize(sealed, HEADER_BYTES, sealed.length - HEADER_BYTES, false);
    if (size < 0 || size > BYTES_MAX) {
      throw new CodecException("says that it holds " + size + " bytes");
    }
    byte[] bytes = new byte[(int) size];
    try {
      int length =
          DECOMPRESSORS.use(decompressor ->
              decompressor.decompressByteArray(
                  bytes, 0, bytes.length, sealed, HEADER_BYTES, sealed.length - HEADER_BYTES));
      if (length != size) {
        throw new CodecException("can't be decompressed");
      }
    } catch (ZstdException e) {
      throw new CodecException("can't be decompressed: " + e.getMessage(), e);
    }
    return bytes;
  }
}
