package dev.holdfast.journal.codec;

import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.ChainStore.Base;
import dev.holdfast.journal.ChainStore.Chain;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.ChainStore.Run;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.PlanResolver;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chain that came from elsewhere, with every hash checked and folded to its end; its events in
 * runs that don't overlap.
 */
public final class CheckedChain {
  /** A run is closed when it has come to this many bytes. */
  private static final int RUN_BYTES = 64 << 10;

  private final ChainHead head;
  private final @Nullable Base base;
  private final @Nullable ExecutionState baseState;
  private final long boundarySeq;
  private final Replay replay;
  private final List<Part> parts = new ArrayList<>();
  private final ByteArrayOutputStream open = new ByteArrayOutputStream();
  private byte[] hash;
  private byte[] hashAtBoundary = {};
  private long epoch;
  private long openFromSeq;
  private byte[] openPreviousHash = {};

  private CheckedChain(Chain chain, PlanResolver plans, long boundarySeq) {
    this.head = chain.head();
    this.base = chain.base();
    this.boundarySeq = boundarySeq;
    if (base == null) {
      this.baseState = null;
      this.hash = EntryEncoder.genesis();
    } else {
      SnapshotBody body = SnapshotBody.open(base.body(), base.seq(), plans);
      this.baseState = body.state();
      this.hash = body.hash();
      this.epoch = base.epoch();
      noteBoundary(base.seq());
    }
    this.replay = new Replay(head.key(), baseState, plans);
  }

  /**
   * A run of events.
   *
   * @param payload encoded, as it is
   */
  public record Part(long fromSeq, long toSeq, byte[] previousHash, byte[] payload) {}

  /**
   * Checks a chain.
   *
   * @param boundarySeq no run goes on across this event's end
   * @throws CodecException when the chain does not hold
   */
  public static CheckedChain of(Chain chain, PlanResolver plans, long boundarySeq) {
    var checked = new CheckedChain(chain, plans, boundarySeq);
    for (Run run : chain.runs()) {
      checked.read(run);
    }
    checked.close();
    checked.check();
    return checked;
  }

  private void read(Run run) {
    byte[] payload = Sealed.open(run.payload());
    byte[][] before = {run.previousHash()};
    new HistoryDecoder(run.previousHash())
        .read(
            payload,
            (item, from, to) -> {
              // What was appended while the chain was read is not part of it.
              if (item.seq() > replay.seq() && item.seq() <= head.seq()) {
                take(item, before[0], payload, from, to);
              }
              before[0] = item.hash();
            });
  }

  private void take(HistoryItem item, byte[] before, byte[] payload, int from, int to) {
    if (!Arrays.equals(before, hash)) {
      throw new CodecException("the chain of hashes does not hold at seq " + item.seq());
    }
    if (open.size() == 0) {
      openFromSeq = item.seq();
      openPreviousHash = hash;
    }
    replay.apply(item);
    open.write(payload, from, to - from);
    hash = item.hash();
    epoch = item.epoch();
    noteBoundary(item.seq());
    if (open.size() >= RUN_BYTES || item.seq() == boundarySeq) {
      close();
    }
  }

  private void noteBoundary(long seq) {
    if (seq == boundarySeq) {
      hashAtBoundary = hash;
    }
  }

  private void close() {
    if (open.size() > 0) {
      parts.add(new Part(openFromSeq, replay.seq(), openPreviousHash, open.toByteArray()));
      open.reset();
    }
  }

  private void check() {
    if (replay.seq() != head.seq() || !Arrays.equals(hash, head.hash())) {
      throw new CodecException(
          "ends at seq " + replay.seq() + " and not at seq " + head.seq() + " as it says");
    }
  }

  /** Whether it leads to this base, at the boundary that was given, from somewhere before it. */
  public boolean reachesBefore(Base other) {
    return (base == null || base.seq() < other.seq())
        && Arrays.equals(hashAtBoundary, SnapshotBody.hash(other.body()));
  }

  /** Where it ends. */
  public ChainHead head() {
    return new ChainHead(
        head.key(), head.seq(), epoch(), hash, base == null, state().status().isEnded());
  }

  /** What its holder says, but not less than what its events say. */
  public long epoch() {
    return Math.max(epoch, head.epoch());
  }

  /** The hash of its last event. */
  public byte[] hash() {
    return hash;
  }

  /** What it begins with; null: the first event. */
  public @Nullable Base base() {
    return base;
  }

  /** The state at the base; null: it begins with the first event. */
  public @Nullable ExecutionState baseState() {
    return baseState;
  }

  /** The state at its end. */
  public ExecutionState state() {
    ExecutionState state = replay.state();
    if (state == null) {
      throw new CodecException("has no events");
    }
    return state;
  }

  /** Its events after the base. */
  public List<Part> parts() {
    return List.copyOf(parts);
  }
}
