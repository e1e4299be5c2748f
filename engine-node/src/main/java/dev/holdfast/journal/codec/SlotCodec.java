package dev.holdfast.journal.codec;

import dev.holdfast.core.Slot;

/** An execution's place among those of its concurrency key, as it is stored. */
final class SlotCodec {
  private SlotCodec() {}

  /** In an array that only executions with such a key have. */
  static void write(CborWriter out, Slot slot) {
    out.array(5);
    out.text(slot.key());
    out.number(slot.limit());
    out.number(Codes.ON_LIMIT.code(slot.onLimit()));
    out.instant(slot.since());
    out.truth(slot.held());
    out.end();
  }

  /** The array's beginning has been read. */
  static Slot read(CborReader in) {
    var slot =
        new Slot(
            in.text(),
            in.integer(),
            Codes.ON_LIMIT.constant(in.number()),
            in.instant(),
            in.truth());
    in.endArray();
    return slot;
  }
}
