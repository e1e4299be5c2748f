package dev.holdfast.journal.codec;

import dev.holdfast.journal.ChainStore.Base;
import dev.holdfast.journal.ChainStore.Chain;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.ChainStore.Gap;
import dev.holdfast.journal.ChainStore.Run;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.StoreException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds, among several pieces of an execution's history, what leads to an event. */
public final class Beginnings {
  private Beginnings() {}

  /**
   * Events that follow on each other.
   *
   * @param base what they go on from; null: they begin with the first event
   * @param runs in order; they may overlap
   */
  public record Piece(@Nullable Base base, List<Run> runs) {
    private long baseSeq() {
      return base == null ? 0 : base.seq();
    }
  }

  /**
   * The longest piece that has the gap's last event, cut off behind it; empty: none has it.
   *
   * @throws StoreException when none has it as far as can be read, and one is damaged
   */
  public static Optional<Chain> longest(Gap gap, List<Piece> pieces) {
    Chain longest = null;
    long baseSeq = gap.seq();
    CodecException damage = null;
    for (Piece piece : pieces) {
      if (piece.baseSeq() < baseSeq) {
        try {
          Chain cut = cutOrNull(gap, piece);
          if (cut != null) {
            longest = cut;
            baseSeq = piece.baseSeq();
          }
        } catch (CodecException e) {
          damage = e;
        }
      }
    }
    if (longest == null && damage != null) {
      throw new StoreException(
          "what is here of the beginning of "
              + gap.key()
              + " can't be read: "
              + damage.getMessage(),
          damage);
    }
    return Optional.ofNullable(longest);
  }

  private static @Nullable Chain cutOrNull(Gap gap, Piece piece) {
    var runs = new ArrayList<Run>();
    for (Run run : piece.runs()) {
      byte[] payload = Sealed.open(run.payload());
      int[] end = {0};
      @Nullable HistoryItem[] last = {null};
      new HistoryDecoder(run.previousHash())
          .read(
              payload,
              (item, from, to) -> {
                if (item.seq() == gap.seq() && Arrays.equals(item.hash(), gap.hash())) {
                  end[0] = to;
                  last[0] = item;
                }
              });
      HistoryItem found = last[0];
      if (found != null) {
        byte[] cut = Arrays.copyOf(payload, end[0]);
        runs.add(new Run(run.previousHash(), Sealed.seal(cut)));
        var head =
            new ChainHead(
                gap.key(), gap.seq(), found.epoch(), gap.hash(), piece.base() == null, false);
        return new Chain(head, piece.base(), List.copyOf(runs));
      }
      runs.add(run);
    }
    return null;
  }
}
