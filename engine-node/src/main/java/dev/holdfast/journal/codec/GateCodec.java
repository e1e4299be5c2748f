package dev.holdfast.journal.codec;

import dev.holdfast.core.Gate;
import dev.holdfast.core.Signals;
import java.util.ArrayList;

/** Tasks' gates and executions' signals as they are stored. */
final class GateCodec {
  private static final int AWAITING_APPROVAL = 1;
  private static final int DECIDED = 2;
  private static final int DELAYED = 3;
  private static final int AWAITING_SIGNAL = 4;

  private GateCodec() {}

  /** The gate's kind and its fields, in an array that only tasks at a gate have. */
  static void write(CborWriter out, Gate gate) {
    switch (gate) {
      case Gate.AwaitingApproval g -> {
        out.array(3);
        out.number(AWAITING_APPROVAL);
        out.instant(g.since());
        out.instant(g.until());
      }
      case Gate.Delayed g -> {
        out.array(2);
        out.number(DELAYED);
        out.instant(g.until());
      }
      case Gate.AwaitingSignal g -> {
        out.array(3);
        out.number(AWAITING_SIGNAL);
        out.instant(g.since());
        out.instant(g.until());
      }
      case Gate.Decided g -> {
        out.array(5);
        out.number(DECIDED);
        out.truth(g.approved());
        out.text(g.by());
        out.text(g.reason());
        out.instant(g.at());
      }
    }
    out.end();
  }

  /** The array's beginning has been read. */
  static Gate read(CborReader in) {
    int kind = in.integer();
    Gate gate =
        switch (kind) {
          case AWAITING_APPROVAL -> new Gate.AwaitingApproval(in.instant(), in.instantOrNull());
          case DELAYED -> new Gate.Delayed(in.instant());
          case AWAITING_SIGNAL -> new Gate.AwaitingSignal(in.instant(), in.instantOrNull());
          case DECIDED -> new Gate.Decided(in.truth(), in.text(), in.textOrNull(), in.instant());
          default -> throw new CodecException("unknown kind of gate: " + kind);
        };
    in.endArray();
    return gate;
  }

  /** The signals, in an array that only executions have to which some were sent. */
  static void write(CborWriter out, Signals signals) {
    out.array(2);
    out.array(signals.kept().size());
    for (Signals.Signal signal : signals.kept()) {
      out.array(5);
      out.text(signal.id());
      out.text(signal.name());
      out.value(signal.payload());
      out.text(signal.by());
      out.instant(signal.at());
      out.end();
    }
    out.end();
    out.texts(signals.seen());
    out.end();
  }

  /** The array's beginning has been read. */
  static Signals signals(CborReader in) {
    in.beginArray();
    var kept = new ArrayList<Signals.Signal>();
    while (in.beginArrayOrNullOrEnd()) {
      kept.add(new Signals.Signal(in.text(), in.text(), in.value(), in.text(), in.instant()));
      in.endArray();
    }
    var signals = new Signals(kept, in.texts());
    in.endArray();
    return signals;
  }
}
