package dev.holdfast.journal.codec;

import dev.holdfast.core.Closing;
import java.util.List;

/** How executions will end, as it is stored while something is left to be done before. */
final class ClosingCodec {
  private ClosingCodec() {}

  static void write(CborWriter out, Closing closing) {
    out.array(3);
    out.number(Codes.EXECUTION_STATUS.code(closing.outcome()));
    out.value(closing.output());
    out.error(closing.error());
    out.end();
  }

  /**
   * The tasks that can be undone, in an array that only executions have in which there are some.
   */
  static void write(CborWriter out, List<String> undoable) {
    out.array(1);
    out.texts(undoable);
    out.end();
  }

  /** The array's beginning has been read. */
  static List<String> undoable(CborReader in) {
    List<String> undoable = in.texts();
    in.endArray();
    return undoable;
  }

  /** The array's beginning has been read. */
  static Closing read(CborReader in) {
    var closing =
        new Closing(Codes.EXECUTION_STATUS.constant(in.number()), in.value(), in.errorOrNull());
    in.endArray();
    return closing;
  }
}
