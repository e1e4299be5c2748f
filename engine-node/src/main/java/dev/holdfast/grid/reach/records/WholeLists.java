package dev.holdfast.grid.reach.records;

import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.reach.Derived;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.grid.reach.Wire;
import dev.holdfast.journal.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Lists that are put together from what each member says of the partitions that it owns, and are
 * given only when together they have spoken for all.
 */
final class WholeLists {
  /** A list is tried for so long while partitions change hands. */
  private static final long LIST_NANOS_MAX = Duration.ofSeconds(5).toNanos();

  private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

  /** One member's part of a list. */
  interface Part {
    /** Those that the member owns, as {@link BitSet} writes them. */
    byte[] partitions();
  }

  private WholeLists() {}

  /**
   * Every member's part. Blocks.
   *
   * @param question for the other members
   * @param here this member's part, read anew with each try
   * @param what is listed, for the message
   * @throws StoreException when a member does not answer
   */
  static <P extends Part> List<P> of(
      Neighbours neighbours,
      PeerOp op,
      Object question,
      Class<P> kind,
      Supplier<P> here,
      String what) {
    byte[] asked = Wire.write(question);
    long deadline = System.nanoTime() + LIST_NANOS_MAX;
    while (true) {
      var parts = new ArrayList<P>();
      if (!neighbours.isAlone()) {
        neighbours
            .ofOthers(op, asked)
            .values()
            .forEach(answer -> parts.add(Wire.read(answer, kind)));
      }
      parts.add(here.get());
      if (isWhole(parts, neighbours)) {
        return parts;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new StoreException("no member answers for some of the " + what);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static boolean isWhole(List<? extends Part> parts, Neighbours neighbours) {
    var covered = new BitSet();
    parts.forEach(part -> covered.or(BitSet.valueOf(part.partitions())));
    return covered.cardinality() == neighbours.partitionCount();
  }

  /** The partitions that this member owns and has derived everything of. */
  static BitSet known(Neighbours neighbours, Derived derived) {
    BitSet known = owned(neighbours);
    known.stream().filter(partition -> !derived.isKnown(partition)).forEach(known::clear);
    return known;
  }

  /** The partitions that this member owns. */
  static BitSet owned(Neighbours neighbours) {
    var owned = new BitSet(neighbours.partitionCount());
    for (int partition = 0; partition < neighbours.partitionCount(); partition++) {
      owned.set(partition, neighbours.isOwned(partition));
    }
    return owned;
  }
}
