package dev.holdfast.grid.chain;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.ChainStore.Base;
import dev.holdfast.journal.ChainStore.Chain;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.ChainStore.Gap;
import dev.holdfast.journal.ChainStore.Run;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How questions about chains, and the answers, are written. Lists begin with their length. */
final class ChainWire {
  private static final int COMPLETE = 1;
  private static final int ENDED = 2;

  private ChainWire() {}

  /**
   * A question for heads of live chains.
   *
   * @param anew from the beginning; else what follows on the answer before
   * @param partitions of which; only where it is anew
   */
  record HeadsQuestion(boolean anew, BitSet partitions) {}

  /** A part of the answer. */
  record Heads(List<ChainHead> heads, boolean more) {}

  @FunctionalInterface
  private interface Writer<T> {
    void write(DataOutputStream out, T value) throws IOException;
  }

  @FunctionalInterface
  private interface Reader<T> {
    T read(DataInputStream in) throws IOException;
  }

  private static <T> byte[] write(Writer<T> writer, T value) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      writer.write(out, value);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  private static <T> T read(Reader<T> reader, byte[] bytes) {
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return reader.read(in);
    } catch (IOException e) {
      throw new IllegalArgumentException("what another member sent can't be read", e);
    }
  }

  private static <T> void writeList(DataOutputStream out, List<T> values, Writer<T> writer)
      throws IOException {
    out.writeInt(values.size());
    for (T value : values) {
      writer.write(out, value);
    }
  }

  private static <T> List<T> readList(DataInputStream in, Reader<T> reader) throws IOException {
    int size = in.readInt();
    var values = new ArrayList<T>(size);
    for (int i = 0; i < size; i++) {
      values.add(reader.read(in));
    }
    return values;
  }

  static byte[] writeQuestion(HeadsQuestion question) {
    return write(
        (out, value) -> {
          out.writeBoolean(value.anew());
          writeBytes(out, value.partitions().toByteArray());
        },
        question);
  }

  static HeadsQuestion readQuestion(byte[] bytes) {
    return read(in -> new HeadsQuestion(in.readBoolean(), BitSet.valueOf(readBytes(in))), bytes);
  }

  static byte[] writeHeads(Heads part) {
    return write(
        (out, value) -> {
          writeList(out, value.heads(), ChainWire::writeHead);
          out.writeBoolean(value.more());
        },
        part);
  }

  static Heads readHeads(byte[] bytes) {
    return read(in -> new Heads(readList(in, ChainWire::readHead), in.readBoolean()), bytes);
  }

  static byte[] writeKeys(List<ExecutionKey> keys) {
    return write((out, value) -> writeList(out, value, (to, key) -> to.writeUTF(key.text())), keys);
  }

  static List<ExecutionKey> readKeys(byte[] bytes) {
    return read(in -> readList(in, from -> ExecutionKey.parse(from.readUTF())), bytes);
  }

  static byte[] writeGaps(List<Gap> gaps) {
    return write(
        (out, value) ->
            writeList(
                out,
                value,
                (to, gap) -> {
                  to.writeUTF(gap.key().text());
                  to.writeLong(gap.seq());
                  writeBytes(to, gap.hash());
                }),
        gaps);
  }

  static List<Gap> readGaps(byte[] bytes) {
    return read(
        in ->
            readList(
                in,
                from ->
                    new Gap(ExecutionKey.parse(from.readUTF()), from.readLong(), readBytes(from))),
        bytes);
  }

  /** Heads that may be missing: null where there is none. */
  static byte[] writeFound(List<@Nullable ChainHead> heads) {
    return write(
        (out, value) -> {
          out.writeInt(value.size());
          for (ChainHead head : value) {
            out.writeBoolean(head != null);
            if (head != null) {
              writeHead(out, head);
            }
          }
        },
        heads);
  }

  static List<@Nullable ChainHead> readFound(byte[] bytes) {
    return read(
        in -> {
          int size = in.readInt();
          var heads = new ArrayList<@Nullable ChainHead>(size);
          for (int i = 0; i < size; i++) {
            heads.add(in.readBoolean() ? readHead(in) : null);
          }
          return heads;
        },
        bytes);
  }

  /** Chains that may be missing: null where there is none. */
  static byte[] writeChains(List<@Nullable Chain> chains) {
    return write(
        (out, value) -> {
          out.writeInt(value.size());
          for (Chain chain : value) {
            out.writeBoolean(chain != null);
            if (chain != null) {
              writeChain(out, chain);
            }
          }
        },
        chains);
  }

  static List<@Nullable Chain> readChains(byte[] bytes) {
    return read(
        in -> {
          int size = in.readInt();
          var chains = new ArrayList<@Nullable Chain>(size);
          for (int i = 0; i < size; i++) {
            chains.add(in.readBoolean() ? readChain(in) : null);
          }
          return chains;
        },
        bytes);
  }

  static byte[] writeVerdicts(List<Verdict> verdicts) {
    return write(
        (out, value) -> writeList(out, value, (to, one) -> to.writeByte(one.code())), verdicts);
  }

  static List<Verdict> readVerdicts(byte[] bytes) {
    return read(in -> readList(in, from -> Verdict.of(from.readByte())), bytes);
  }

  private static void writeHead(DataOutputStream out, ChainHead head) throws IOException {
    out.writeUTF(head.key().text());
    out.writeLong(head.seq());
    out.writeLong(head.epoch());
    writeBytes(out, head.hash());
    out.writeByte((head.complete() ? COMPLETE : 0) | (head.ended() ? ENDED : 0));
  }

  private static ChainHead readHead(DataInputStream in) throws IOException {
    ExecutionKey key = ExecutionKey.parse(in.readUTF());
    long seq = in.readLong();
    long epoch = in.readLong();
    byte[] hash = readBytes(in);
    int flags = in.readByte();
    return new ChainHead(key, seq, epoch, hash, (flags & COMPLETE) != 0, (flags & ENDED) != 0);
  }

  private static void writeChain(DataOutputStream out, Chain chain) throws IOException {
    writeHead(out, chain.head());
    Base base = chain.base();
    out.writeLong(base == null ? 0 : base.seq());
    if (base != null) {
      out.writeLong(base.epoch());
      writeBytes(out, base.body());
    }
    writeList(
        out,
        chain.runs(),
        (to, run) -> {
          writeBytes(to, run.previousHash());
          writeBytes(to, run.payload());
        });
  }

  private static Chain readChain(DataInputStream in) throws IOException {
    ChainHead head = readHead(in);
    long baseSeq = in.readLong();
    Base base = baseSeq == 0 ? null : new Base(baseSeq, in.readLong(), readBytes(in));
    return new Chain(head, base, readList(in, from -> new Run(readBytes(from), readBytes(from))));
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }

  /** About how many bytes a chain takes. */
  static long sizeOf(@Nullable Chain chain) {
    if (chain == null) {
      return 1;
    }
    Base base = chain.base();
    long size = base == null ? 0 : base.body().length;
    for (Run run : chain.runs()) {
      size += run.payload().length;
    }
    return size;
  }
}
