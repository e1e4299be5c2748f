package dev.holdfast.grid;

import java.util.List;

/**
 * What became of the repair of an execution.
 *
 * @param changed whether something followed from its state that had not been followed, and was now
 *     decided: the execution has gone on by events
 * @param rederived what of timers, queues and leases was missing and has been made anew, in words;
 *     its state is the same
 * @param stuck whether it still can't go on
 */
public record Repair(boolean changed, List<String> rederived, boolean stuck) {
  /** Of an execution that has ended. */
  static final Repair NOTHING = new Repair(false, List.of(), false);

  public Repair {
    rederived = List.copyOf(rederived);
  }
}
