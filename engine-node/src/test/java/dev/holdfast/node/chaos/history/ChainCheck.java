package dev.holdfast.node.chaos.history;

import java.util.List;
import java.util.function.Consumer;

/** A history by itself: no gaps, epochs that never go down, one end, and that at the end. */
final class ChainCheck {
  private ChainCheck() {}

  static void check(String execution, List<Happened> history, Consumer<String> wrong) {
    if (history.isEmpty()) {
      wrong.accept(execution + " has no history");
      return;
    }
    long seq = 0;
    long epoch = 0;
    for (Happened event : history) {
      seq++;
      if (event.seq() != seq) {
        wrong.accept(
            "%s has a gap: seq %d stands at place %d".formatted(execution, event.seq(), seq));
      }
      if (event.epoch() < epoch) {
        wrong.accept(
            "%s: the epoch went down from %d to %d at seq %d"
                .formatted(execution, epoch, event.epoch(), event.seq()));
      }
      epoch = event.epoch();
      boolean first = event.type().equals("ExecutionStarted");
      if (first != (seq == 1)) {
        wrong.accept("%s: %s at seq %d".formatted(execution, event.type(), event.seq()));
      }
      if (event.isEnd() && event != history.getLast()) {
        wrong.accept(
            "%s goes on after %s at seq %d".formatted(execution, event.type(), event.seq()));
      }
    }
    if (!history.getLast().isEnd() && !FiringCheck.isSchedule(execution)) {
      wrong.accept(execution + " has not ended: its last event is " + history.getLast().type());
    }
  }
}
