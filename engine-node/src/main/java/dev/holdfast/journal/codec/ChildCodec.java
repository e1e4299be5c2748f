package dev.holdfast.journal.codec;

import dev.holdfast.core.ChildRun;
import dev.holdfast.core.ParentLink;
import dev.holdfast.core.Pause;

/** What ties parents and children to one another, as it is stored. */
final class ChildCodec {
  private ChildCodec() {}

  static void write(CborWriter out, ParentLink parent) {
    out.array(4);
    out.text(parent.execution());
    out.text(parent.task());
    out.number(parent.attempt());
    out.number(parent.depth());
    out.end();
  }

  /** The array's beginning has been read. */
  static ParentLink parent(CborReader in) {
    var parent = new ParentLink(in.text(), in.text(), in.integer(), in.integer());
    in.endArray();
    return parent;
  }

  static void write(CborWriter out, ChildRun child) {
    out.array(3);
    out.text(child.id());
    out.number(child.version());
    out.truth(child.paused());
    out.end();
  }

  /** The array's beginning has been read. */
  static ChildRun child(CborReader in) {
    var child = new ChildRun(in.text(), in.integer(), in.truth());
    in.endArray();
    return child;
  }

  /** Where in parents' and children's histories a pause was asked for; older ones don't say. */
  static void writePlace(CborWriter out, Pause pause) {
    out.array(2);
    out.number(pause.seq());
    out.number(pause.parentSeq());
    out.end();
  }

  /** The array's beginning has been read. */
  static Pause placed(CborReader in, Pause pause) {
    Pause placed = pause.at(in.number(), in.number());
    in.endArray();
    return placed;
  }
}
